package io.kvroute.loadtest.scenario;

import java.util.ArrayDeque;
import java.util.Deque;

/** Lets at most so many through at once; the others wait in the order in which they came. */
final class Gate {

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int free;

  Gate(int atOnce) {
    this.free = atOnce;
  }

  /** Does it as soon as there is room, which {@link #leave} gives back. */
  void enter(Runnable then) {
    if (free > 0) {
      free--;
      then.run();
    } else {
      waiting.addLast(then);
    }
  }

  void leave() {
    Runnable next = waiting.pollFirst();
    if (next == null) {
      free++;
    } else {
      next.run();
    }
  }
}
