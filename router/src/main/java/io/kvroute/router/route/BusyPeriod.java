package io.kvroute.router.route;

/**
 * Cuts the time in which a replica is prefilling into samples of work done against time taken. A
 * period lasts while any request there lacks its first token; a long one is cut into several
 * samples. What is disturbed is left out: work that was given up half done, requests whose first
 * token nobody sees, load that is not ours, an engine without room. Guarded by the router's lock.
 */
final class BusyPeriod {

  /** First tokens after which a period that goes on is cut. */
  private static final int FIRST_TOKENS_IN_SAMPLE = 8;

  private final PrefillRate rate;
  private boolean busy;
  private boolean fromIdle;
  private boolean disturbed;
  private long sinceNanos;
  private double work;
  private int firstTokens;

  BusyPeriod(PrefillRate rate) {
    this.rate = rate;
  }

  /** A request was queued. */
  void queued(long nowNanos) {
    if (!busy) {
      begin(nowNanos, true);
    }
  }

  /** The period's sample is not to be used. */
  void disturb() {
    disturbed = true;
  }

  /**
   * A request left the queue.
   *
   * @param workDone its work; 0 if it was not done whole
   * @param left requests still in the queue
   */
  void left(double workDone, int left, long nowNanos) {
    work += workDone;
    firstTokens++;
    if (left == 0 || firstTokens >= FIRST_TOKENS_IN_SAMPLE) {
      if (!disturbed && work > 0) {
        rate.add(work, (nowNanos - sinceNanos) * 1e-9, fromIdle, nowNanos);
      }
      begin(nowNanos, false);
      busy = left > 0;
    }
  }

  private void begin(long nowNanos, boolean idleBefore) {
    busy = true;
    fromIdle = idleBefore;
    disturbed = false;
    sinceNanos = nowNanos;
    work = 0;
    firstTokens = 0;
  }
}
