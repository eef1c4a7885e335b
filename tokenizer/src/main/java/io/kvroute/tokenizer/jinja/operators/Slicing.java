package io.kvroute.tokenizer.jinja.operators;

import io.kvroute.tokenizer.jinja.values.CodePoints;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.PythonRange;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;

/** Python's {@code sequence[start:stop:step]}. */
public final class Slicing {

  private Slicing() {}

  /**
   * A selection of {@code count} indexes starting at {@code start}; {@code stop} is the first
   * excluded.
   */
  private record Span(int start, int stop, int step, int count) {}

  public static Value slice(Value sequence, Value start, Value stop, Value step, Render render) {
    return switch (sequence) {
      case Value.Str str -> new Value.Str(slice(str.value(), start, stop, step, render));
      case Value.Markup markup ->
          new Value.Markup(slice(markup.value(), start, stop, step, render));
      case Value.ListOf list -> {
        Span span = span(list.items().size(), start, stop, step);
        render.allocateItems(span.count());
        List<Value> items = new ArrayList<>(span.count());
        for (int i = 0; i < span.count(); i++) {
          items.add(list.items().get(span.start() + i * span.step()));
        }
        yield new Value.ListOf(items, list.tuple());
      }
      case PythonRange range -> {
        Span span = span(range.size(), start, stop, step);
        yield new PythonRange(
            range.start() + span.start() * range.step(),
            range.start() + span.stop() * range.step(),
            span.step() * range.step(),
            span.count());
      }
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw EvaluationException.type(
              "'" + Types.name(sequence) + "' object is not subscriptable");
    };
  }

  private static String slice(String text, Value start, Value stop, Value step, Render render) {
    render.scan(text);
    Span span = span(CodePoints.length(text), start, stop, step);
    render.allocate(span.count());
    if (span.step() == 1) {
      return span.count() == 0
          ? ""
          : CodePoints.substring(text, span.start(), span.start() + span.count());
    }
    int[] points = text.codePoints().toArray();
    StringBuilder out = new StringBuilder(span.count());
    for (int i = 0; i < span.count(); i++) {
      out.appendCodePoint(points[span.start() + i * span.step()]);
    }
    return out.toString();
  }

  private static Span span(int size, Value startValue, Value stopValue, Value stepValue) {
    int step = stepValue == Value.None.NONE ? 1 : index(stepValue);
    if (step == 0) {
      throw EvaluationException.value("slice step cannot be zero");
    }
    boolean forward = step > 0;
    int start =
        startValue == Value.None.NONE
            ? (forward ? 0 : size - 1)
            : clamp(index(startValue), size, forward);
    int stop =
        stopValue == Value.None.NONE
            ? (forward ? size : -1)
            : clamp(index(stopValue), size, forward);
    long distance = forward ? (long) stop - start : (long) start - stop;
    long count = distance <= 0 ? 0 : (distance - 1) / Math.abs((long) step) + 1;
    return new Span(start, stop, step, (int) count);
  }

  private static int index(Value value) {
    if (!PythonNumbers.isInteger(value)) {
      throw EvaluationException.type(
          "slice indices must be integers or None or have an __index__ method, not "
              + Types.name(value));
    }
    return Types.requireInt(value);
  }

  private static int clamp(int index, int size, boolean forward) {
    long position = index < 0 ? (long) index + size : index;
    long low = forward ? 0 : -1;
    long high = forward ? size : size - 1;
    return (int) Math.clamp(position, low, Math.max(low, high));
  }
}
