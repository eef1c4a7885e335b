package io.kvroute.loadtest.scenario;

import java.util.ArrayDeque;
import java.util.Deque;

/** A semaphore of the simulation: actions that get no permit wait in the order of their arrival. */
final class Gate {

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int free;

  Gate(int atOnce) {
    this.free = atOnce;
  }

  /** Runs an action as soon as there is a permit. {@link #leave} gives the permit back. */
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
