package io.kvroute.tokenizer.jinja.values;

import java.util.Iterator;
import java.util.stream.IntStream;

/** Python's {@code range}, limited to 100,000 items as the sandbox limits it. */
public record PythonRange(long start, long stop, long step, int size) implements Value.Internal {

  static final int MAX_SIZE = 100_000;

  public static PythonRange of(long start, long stop, long step) {
    if (step == 0) {
      throw EvaluationException.value("range() arg 3 must not be zero");
    }
    long distance = step > 0 ? Math.subtractExact(stop, start) : Math.subtractExact(start, stop);
    long size = distance <= 0 ? 0 : (distance - 1) / Math.abs(step) + 1;
    if (size > MAX_SIZE) {
      throw EvaluationException.error(
          "OverflowError: Range too big. The sandbox blocks ranges larger than " + MAX_SIZE);
    }
    return new PythonRange(start, stop, step, (int) size);
  }

  public Value get(int index) {
    return new Value.Int(start + index * step);
  }

  boolean contains(long value) {
    long offset = value - start;
    return offset % step == 0 && offset / step >= 0 && offset / step < size;
  }

  public Iterator<Value> iterator() {
    return IntStream.range(0, size).mapToObj(this::get).iterator();
  }

  String repr() {
    return "range(" + start + ", " + stop + (step == 1 ? "" : ", " + step) + ")";
  }

  /** Two ranges are equal if they produce the same sequence. */
  @Override
  public boolean equals(Object other) {
    return other instanceof PythonRange that
        && size == that.size
        && (size == 0 || (start == that.start && (size == 1 || step == that.step)));
  }

  @Override
  public int hashCode() {
    return size == 0 ? 0 : Long.hashCode(start) * 31 + size;
  }
}
