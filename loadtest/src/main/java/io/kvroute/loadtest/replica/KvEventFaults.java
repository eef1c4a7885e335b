package io.kvroute.loadtest.replica;

/**
 * The faults that a replica's publisher injects. Each applies to a number of batches.
 *
 * @param lose number of batches that are numbered and kept for replay, but not published
 * @param garble number of batches before each of which an invalid message is published
 * @param hide number of batches without their removals, when published and when replayed
 */
public record KvEventFaults(int lose, int garble, int hide) {

  /** No faults. */
  public static final KvEventFaults NONE = new KvEventFaults(0, 0, 0);

  public KvEventFaults {
    require("lose", lose);
    require("garble", garble);
    require("hide", hide);
  }

  /** Faults of a publisher that omits events but reports nothing wrong. */
  public KvEventFaults(int lose, int garble) {
    this(lose, garble, 0);
  }

  /** The faults that remain after one more batch. */
  KvEventFaults used() {
    return new KvEventFaults(Math.max(0, lose - 1), Math.max(0, garble - 1), Math.max(0, hide - 1));
  }

  private static void require(String property, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= 0)");
    }
  }
}
