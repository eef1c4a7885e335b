package io.kvroute.router.route;

/**
 * The longest pause between two events that a replica's streams have shown lately. A longer pause
 * replaces it at once; each shorter one of a second or more lowers it by a tenth of the difference.
 *
 * <p>A stream that is ended because of its silence may have been right: a parser of tool calls may
 * hold tokens back. If the engine brings another first token within a minute, that silence counts
 * as a pause, so that the next such stream is given more time. Guarded by the router's lock.
 */
final class Pauses {

  /** Shorter pauses are usual and need not be reported. */
  static final long NOTABLE_NANOS = 1_000_000_000L;

  private static final long PROOF_NANOS = 60_000_000_000L;
  private static final double NEWEST_WEIGHT = 0.1;

  private long longestNanos;
  private long cutPauseNanos;
  private long cutNanos;

  /** A stream has continued after a pause. */
  void ended(long nanos) {
    longestNanos =
        nanos > longestNanos
            ? nanos
            : longestNanos - (long) (NEWEST_WEIGHT * (longestNanos - nanos));
  }

  /** A stream was ended after a silence. */
  void cut(long nanos, long nowNanos) {
    cutPauseNanos = Math.max(cutPauseNanos, nanos);
    cutNanos = nowNanos;
  }

  /** The engine has brought a first token. */
  void engineWorks(long nowNanos) {
    if (cutPauseNanos > 0) {
      if (nowNanos - cutNanos <= PROOF_NANOS) {
        ended(cutPauseNanos);
      }
      cutPauseNanos = 0;
    }
  }

  /** Another engine process may show other pauses. */
  void forget() {
    longestNanos = 0;
    cutPauseNanos = 0;
  }

  long longestNanos() {
    return longestNanos;
  }
}
