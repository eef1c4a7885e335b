package io.kvroute.router.route;

/** How a routed request ended. */
public sealed interface Outcome {

  /**
   * The answer arrived complete.
   *
   * @param promptTokens as the engine reported, -1 where it did not
   * @param completionTokens as the engine reported, -1 where it did not
   * @param cachedTokens prompt tokens found in the cache, as the engine reported, -1 where it did
   *     not
   * @param answer the answer's token ids, so far as they are known
   */
  record Completed(int promptTokens, int completionTokens, int cachedTokens, Answer answer)
      implements Outcome {}

  /**
   * The answer arrived complete, but the engine had no part in it, such as that of {@code
   * /tokenize}.
   */
  record Relayed() implements Outcome {}

  /**
   * The replica answered with an error status and computed nothing.
   *
   * @param retryAfterNanos the pause that the replica asked for with {@code Retry-After}, 0 where
   *     it did not; until the pause has passed, the replica is sent no request
   */
  record Refused(int status, long retryAfterNanos) implements Outcome {

    /** A refusal without {@code Retry-After}. */
    public Refused(int status) {
      this(status, 0);
    }
  }

  /** The request left for another replica before its first token, through no fault of this one. */
  record Moved() implements Outcome {}

  /** The client left; what was computed by then stays in the replica's cache. */
  record ClientLeft() implements Outcome {}

  /**
   * The replica could not be reached, died, or fell silent.
   *
   * @param reached false where no connection was established; the replica is then taken for down
   *     until a probe reaches it
   */
  record ReplicaFailed(String reason, boolean reached) implements Outcome {

    /** A failure after a connection was established. */
    public ReplicaFailed(String reason) {
      this(reason, true);
    }
  }

  /** The token ids of an answer, so far as the router saw them. */
  sealed interface Answer {
    /** Ids as the engine reported them. The array is handed over and must not be changed. */
    final class Ids implements Answer {
      private final int[] ids;

      public Ids(int[] ids) {
        this.ids = ids;
      }

      int[] ids() {
        return ids;
      }
    }

    /** The engine reported no ids. */
    record Unknown() implements Answer {}
  }
}
