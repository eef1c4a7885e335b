package io.kvroute.router.route;

/**
 * The time in which a replica owed progress and made none: streamed requests waited for their first
 * token, longer than predicted, and no token of any stream arrived. Clients that leave do not reset
 * it, because leaving is no evidence that the engine works; any token does. Guarded by the router's
 * lock, except {@link #chunk}.
 *
 * <p>Too much is late when the time exceeds both a floor and what three standard deviations of the
 * replica's times to first token explain. All methods cost O(1).
 *
 * <pre>
 *   predicted time to first token 0.2 s, log deviation 0.3; the engine hangs
 *   clients wait 1 s each, one after the other     each wait adds 0.8 s
 *   after the third                                2.4 s: more than the floor of 2 s
 * </pre>
 */
final class LateTime {

  /** For a replica that has produced tokens. */
  private static final double FLOOR_SECONDS = 2;

  /** For a replica that has not: its first requests may wait for compilation. */
  private static final double COLD_FLOOR_SECONDS = 10;

  private static final double DEVIATIONS = 3;
  private static final double NANOS = 1e9;

  private volatile long chunkNanos;
  private volatile boolean chunkSeen;

  /** Whether a token has ever come, and when the last one came. */
  private boolean warm;

  private long progressNanos;

  /** Streamed requests without a first token. */
  private int awaited;

  /** The longest predicted time to first token of the requests that wait. */
  private double expectedSeconds;

  /** When the next progress is due, while requests wait. */
  private long dueNanos;

  /** Late time of requests that have left since the last token. */
  private long carriedNanos;

  /** Whether too much has been late since the last token. */
  private boolean stalled;

  /** Since when requests have waited without any token. */
  private long quietSinceNanos;

  /** A streamed request waits for its first token from now on. */
  void joined(double predictedSeconds, long nowNanos) {
    absorbChunks();
    awaited++;
    if (awaited == 1) {
      expectedSeconds = predictedSeconds;
      dueNanos = nowNanos + (long) (predictedSeconds * NANOS);
      quietSinceNanos = stalled || carriedNanos > 0 ? quietSinceNanos : nowNanos;
    } else {
      expectedSeconds = Math.max(expectedSeconds, predictedSeconds);
    }
  }

  /** Sets the longest predicted time to first token of the requests that wait. */
  void expect(double longestPredictedSeconds) {
    if (awaited > 0) {
      expectedSeconds = longestPredictedSeconds;
    }
  }

  /** A streamed request no longer waits. */
  void left(long nowNanos) {
    absorbChunks();
    awaited--;
    if (awaited == 0) {
      carriedNanos += Math.max(0, nowNanos - dueNanos);
    }
  }

  /** A token has arrived. */
  void progressed(long nowNanos) {
    warm = true;
    progressNanos = nowNanos;
    stalled = false;
    quietSinceNanos = nowNanos;
    countAnew(nowNanos);
  }

  /** A token of a running stream has arrived. Needs no lock. */
  void chunk(long nowNanos) {
    chunkNanos = nowNanos;
    chunkSeen = true;
  }

  /** Too much was late: counts anew, and remembers that no token has come. */
  void stalled(long nowNanos) {
    stalled = true;
    countAnew(nowNanos);
  }

  /** Whether too much was late, and no token has come for at least so long. */
  boolean isStalled(long nanos, long nowNanos) {
    absorbChunks();
    return stalled && nowNanos - quietSinceNanos >= nanos;
  }

  /** Whether no token has come for at least so long, whether one was due or not. */
  boolean isQuiet(long nanos, long nowNanos) {
    absorbChunks();
    return !warm || nowNanos - progressNanos >= nanos;
  }

  /** Whether requests that have left had waited longer than predicted. */
  boolean isAnyLate() {
    return carriedNanos > 0;
  }

  /**
   * The late time in seconds if it is too much, else 0.
   *
   * @param logDeviation standard deviation of the logarithm of the replica's times to first token
   */
  double excessSeconds(double logDeviation, long nowNanos) {
    absorbChunks();
    long current = awaited > 0 ? Math.max(0, nowNanos - dueNanos) : 0;
    double seconds = (carriedNanos + current) / NANOS;
    double floor = warm ? FLOOR_SECONDS : COLD_FLOOR_SECONDS;
    if (seconds <= floor) {
      return 0;
    }
    double tolerated = expectedSeconds * (Math.exp(DEVIATIONS * logDeviation) - 1);
    return seconds > tolerated ? seconds : 0;
  }

  private void countAnew(long nowNanos) {
    carriedNanos = 0;
    dueNanos = Math.max(dueNanos, nowNanos + (long) (expectedSeconds * NANOS));
  }

  private void absorbChunks() {
    if (chunkSeen) {
      chunkSeen = false;
      progressed(chunkNanos);
    }
  }
}
