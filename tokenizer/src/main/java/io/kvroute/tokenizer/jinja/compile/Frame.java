package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.values.Value;
import org.jspecify.annotations.Nullable;

/** The variables of one activation of the template, of a macro or of a recursive loop. */
final class Frame {

  private final @Nullable Value[] slots;
  private final @Nullable Frame outer;

  Frame(int size, @Nullable Frame outer) {
    this.slots = new @Nullable Value[size];
    this.outer = outer;
  }

  /** The value in a slot of the frame {@code hops} levels out; null if nothing was assigned. */
  @Nullable Value get(int hops, int slot) {
    return outward(hops).slots[slot];
  }

  void set(int hops, int slot, @Nullable Value value) {
    outward(hops).slots[slot] = value;
  }

  private Frame outward(int hops) {
    Frame frame = this;
    for (int i = 0; i < hops; i++) {
      Frame next = frame.outer;
      if (next == null) {
        throw new IllegalStateException("no frame " + hops + " levels out");
      }
      frame = next;
    }
    return frame;
  }
}
