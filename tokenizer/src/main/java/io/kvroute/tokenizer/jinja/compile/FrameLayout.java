package io.kvroute.tokenizer.jinja.compile;

import org.jspecify.annotations.Nullable;

/** What gets a frame of its own when it runs: the template, a macro, a recursive loop. */
public final class FrameLayout {

  private final @Nullable FrameLayout outer;
  private int slots;
  private int height;

  FrameLayout(@Nullable FrameLayout outer) {
    this.outer = outer;
  }

  Scope.Variable newVariable() {
    return new Scope.Variable(this, slots++);
  }

  /** How many frames out, from a frame of this function, a frame of {@code other} lies. */
  int hopsTo(FrameLayout other) {
    int hops = 0;
    for (FrameLayout code = this; code != other && code != null; code = code.outer) {
      hops++;
    }
    return hops;
  }

  public Frame newFrame(@Nullable Frame around) {
    return new Frame(slots, around);
  }

  /** Notes that the code nests at least so many levels. */
  void reach(int levels) {
    height = Math.max(height, levels);
  }

  /** How many levels of the syntax tree running it may put on the stack. */
  int height() {
    return height;
  }
}
