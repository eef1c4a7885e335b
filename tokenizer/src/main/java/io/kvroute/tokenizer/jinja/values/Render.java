package io.kvroute.tokenizer.jinja.values;

import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of one rendering: its variables, its output so far, and the budget it has used. */
public final class Render {

  private static final int BYTES_PER_REFERENCE = 8;
  private static final int BYTES_PER_VALUE = 64;

  private final Map<String, Value> variables;
  private final RenderLimits limits;
  private final Clock clock;
  private Output out = new Output();
  private long steps;
  private long allocated;
  private int height;
  private int line = 1;

  public Render(Map<String, Value> variables, RenderLimits limits, Clock clock) {
    this.variables = variables;
    this.limits = limits;
    this.clock = clock;
  }

  public Clock clock() {
    return clock;
  }

  /** A variable of the request; null if the request has none of that name. */
  public @Nullable Value variable(String name) {
    return variables.get(name);
  }

  public int line() {
    return line;
  }

  public void line(int line) {
    this.line = line;
  }

  public void step() {
    if (++steps > limits.maxSteps()) {
      throw tooManySteps();
    }
  }

  void steps(long count) {
    steps += count;
    if (steps > limits.maxSteps()) {
      throw tooManySteps();
    }
  }

  private EvaluationException tooManySteps() {
    return EvaluationException.limit("more than " + limits.maxSteps() + " steps");
  }

  /** Counts the cost of reading through a string. */
  public void scan(String text) {
    steps(1 + (text.length() >> 6));
  }

  /** Counts an intermediate value of that many characters or elements, before it is made. */
  public void allocate(long size) {
    allocated += size;
    if (allocated > limits.maxAllocated()) {
      throw EvaluationException.limit(
          "more than " + limits.maxAllocated() + " characters and elements of intermediate values");
    }
  }

  /** Counts references in a list or dict. */
  public void allocateItems(long count) {
    allocate(BYTES_PER_REFERENCE * count);
  }

  /** Counts new values, each an object of its own. */
  public void allocateValues(long count) {
    allocate(BYTES_PER_VALUE * count);
  }

  /** A new string value, counted against the limits. */
  public Value str(String text) {
    allocate(text.length());
    return new Value.Str(text);
  }

  /** Enters nested evaluation of that many levels; {@link #leave} leaves them. */
  public void enter(int levels) {
    height += levels;
    if (height > limits.maxStackHeight()) {
      throw EvaluationException.limit("nested deeper than " + limits.maxStackHeight() + " levels");
    }
  }

  public void leave(int levels) {
    height -= levels;
  }

  public void print(String text) {
    if (text.length() > limits.maxOutputChars() - out.length()) {
      throw EvaluationException.limit(
          "output of more than " + limits.maxOutputChars() + " characters");
    }
    out.append(text);
  }

  /** Prints the result of a block, which must be a string. */
  public void printBlock(Value value) {
    String text = Types.text(value);
    if (text == null) {
      out.failLater(
          EvaluationException.type(
              "sequence item: expected str instance, " + Types.name(value) + " found"));
    } else {
      print(text);
    }
  }

  /** The length of the output so far; a mark for {@link #removeSince}. */
  public int printed() {
    return out.length();
  }

  /** Removes and returns what was printed after a mark. */
  public String removeSince(int printed) {
    return out.cut(printed);
  }

  /** Redirects the output to a new buffer. Returns the previous one, for {@link #endCapture}. */
  public Output startCapture() {
    Output outer = out;
    out = new Output();
    return outer;
  }

  /** Returns the captured text and directs the output to {@code outer} again. */
  public String endCapture(Output outer) {
    String text = out.text();
    allocate(text.length());
    out = outer;
    return text;
  }

  public String output() {
    return out.text();
  }
}
