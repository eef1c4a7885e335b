package io.kvroute.loadtest.replica;

/**
 * What a replica's publisher does wrong on purpose, until it has done it.
 *
 * @param lose the next so many batches are numbered and kept for replay, but not published
 * @param garble before each of the next so many batches comes a message that is none
 */
public record KvEventFaults(int lose, int garble) {

  /** No faults. */
  public static final KvEventFaults NONE = new KvEventFaults(0, 0);

  public KvEventFaults {
    require("lose", lose);
    require("garble", garble);
  }

  /** What is left after one more batch. */
  KvEventFaults used() {
    return new KvEventFaults(Math.max(0, lose - 1), Math.max(0, garble - 1));
  }

  private static void require(String property, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= 0)");
    }
  }
}
