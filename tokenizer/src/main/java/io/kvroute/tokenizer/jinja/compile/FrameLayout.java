package io.kvroute.tokenizer.jinja.compile;

import org.jspecify.annotations.Nullable;

/**
 * How many slots a frame needs, and where the frames around it lie. There is one layout for the
 * template, for each macro and for each recursive loop.
 */
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

  /** How many frames out from a frame of this layout the enclosing frame of {@code other} lies. */
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

  /** Records that the compiled code nests at least this many levels. */
  void recordHeight(int levels) {
    height = Math.max(height, levels);
  }

  /** How many levels of the syntax tree one activation may put on the stack. */
  int height() {
    return height;
  }
}
