package io.kvroute.router.http;

/**
 * How long the data port waits, in milliseconds. A tick on each event loop watches them, so they
 * fire up to a quarter late, and at most a second.
 *
 * @param keepAliveMillis for the next request of a connection
 * @param requestMillis for a request to come whole, from its first byte
 * @param answerMillis for the first byte of an answer's body (queueing and prefill) and between two
 *     pieces of it, and for a client to take what is there
 * @param lingerMillis in which a client whose connection ends may still send, so that it can read
 *     why
 */
public record Timeouts(int keepAliveMillis, int requestMillis, int answerMillis, int lingerMillis) {

  private static final int MAX_TICK_MILLIS = 1_000;
  private static final int MIN_TICK_MILLIS = 5;

  /** Checks that each is positive. */
  public Timeouts {
    positive("keepAliveMillis", keepAliveMillis);
    positive("requestMillis", requestMillis);
    positive("answerMillis", answerMillis);
    positive("lingerMillis", lingerMillis);
  }

  /** Patient with engines, less so with senders. */
  public static Timeouts defaults() {
    return new Timeouts(75_000, 60_000, 600_000, 2_000);
  }

  int tickMillis() {
    int smallest =
        Math.min(Math.min(keepAliveMillis, requestMillis), Math.min(answerMillis, lingerMillis));
    return Math.clamp(smallest / 4, MIN_TICK_MILLIS, MAX_TICK_MILLIS);
  }

  private static void positive(String name, int millis) {
    if (millis <= 0) {
      throw new IllegalArgumentException(name + ": " + millis + " (expected: > 0)");
    }
  }
}
