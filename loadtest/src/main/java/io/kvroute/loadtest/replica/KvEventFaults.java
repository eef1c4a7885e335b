package io.kvroute.loadtest.replica;

/**
 * What a replica's publisher does wrong on purpose, until it has done it.
 *
 * @param lose the next so many batches are numbered and kept for replay, but not published
 * @param garble before each of the next so many batches comes a message that is none
 * @param hide the next so many batches say nothing of blocks removed, neither when they are
 *     published nor when they are replayed
 */
public record KvEventFaults(int lose, int garble, int hide) {

  /** No faults. */
  public static final KvEventFaults NONE = new KvEventFaults(0, 0, 0);

  public KvEventFaults {
    require("lose", lose);
    require("garble", garble);
    require("hide", hide);
  }

  /** Faults of a publisher that tells the truth as far as it tells. */
  public KvEventFaults(int lose, int garble) {
    this(lose, garble, 0);
  }

  /** What is left after one more batch. */
  KvEventFaults used() {
    return new KvEventFaults(Math.max(0, lose - 1), Math.max(0, garble - 1), Math.max(0, hide - 1));
  }

  private static void require(String property, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= 0)");
    }
  }
}
