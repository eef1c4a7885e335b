package io.kvroute.router.route;

/** How a routed request ended. */
public sealed interface Outcome {

  /**
   * The answer came whole.
   *
   * @param promptTokens as the engine counted, -1 where it did not say
   * @param completionTokens as the engine counted, -1 where it did not say
   * @param cachedTokens prompt tokens the engine reused, -1 where it did not say
   * @param answer what is known of the answer's ids
   */
  record Completed(int promptTokens, int completionTokens, int cachedTokens, Answer answer)
      implements Outcome {}

  /** The replica answered with an error status: nothing was computed. */
  record Refused(int status) implements Outcome {}

  /** The client left; what was computed by then stays in the replica's cache. */
  record ClientLeft() implements Outcome {}

  /**
   * The replica could not be reached, died, or went silent.
   *
   * @param reached false where there was not even a connection: the replica is down until it is
   *     heard from again
   */
  record ReplicaFailed(String reason, boolean reached) implements Outcome {

    /** A failure after the replica was reached. */
    public ReplicaFailed(String reason) {
      this(reason, true);
    }
  }

  /** The ids an answer consists of, so far as the router could see them. */
  sealed interface Answer {
    /** Ids as the engine reported them. Handed over, not to be changed. */
    final class Ids implements Answer {
      private final int[] ids;

      public Ids(int[] ids) {
        this.ids = ids;
      }

      public int[] raw() {
        return ids;
      }
    }

    record Unknown() implements Answer {}
  }
}
