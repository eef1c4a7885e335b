package io.kvroute.router.route;

/**
 * How fast a replica prefills, learned from its busy periods: {@code seconds = a · requests + β ·
 * work}, by least squares in which old periods fade. While little is known the answer leans on what
 * the fleet has shown. Not thread-safe.
 */
final class PrefillRate {

  /** An 8B model on a small GPU; only the first requests of a new fleet see these. */
  static final double FIRST_SECONDS_PER_TOKEN = 1.0 / 4_000;

  static final double FIRST_OVERHEAD_SECONDS = 0.02;

  /** A period counts half after this many others. */
  private static final double HALF_LIFE_PERIODS = 50;

  private static final double FADE = Math.pow(0.5, 1 / HALF_LIFE_PERIODS);

  /** The prior weighs as much as this many periods of one request and this much work. */
  private static final double PRIOR_PERIODS = 3;

  private static final double PRIOR_WORK = 500;

  /** Beyond this factor from what was expected, a period says no more than at it. */
  private static final double OUTLIER_FACTOR = 4;

  private static final int YOUNG_PERIODS = 8;

  private double requestsSquared;
  private double requestsWork;
  private double workSquared;
  private double requestsSeconds;
  private double workSeconds;
  private int periods;
  private double priorSecondsPerToken = FIRST_SECONDS_PER_TOKEN;
  private double priorOverheadSeconds = FIRST_OVERHEAD_SECONDS;
  private double secondsPerToken = FIRST_SECONDS_PER_TOKEN;
  private double overheadSeconds = FIRST_OVERHEAD_SECONDS;

  /** Tells what the fleet has shown, for a replica that has shown little. */
  void leanOn(double fleetSecondsPerToken, double fleetOverheadSeconds) {
    priorSecondsPerToken = fleetSecondsPerToken;
    priorOverheadSeconds = fleetOverheadSeconds;
    solve();
  }

  /**
   * Takes in a busy period.
   *
   * @param requests first tokens in it
   * @param work the prefill work they stood for, in tokens
   */
  void observe(int requests, double work, double seconds) {
    if (requests <= 0 || !(work > 0) || !(seconds > 0)) {
      return;
    }
    double expected = overheadSeconds * requests + secondsPerToken * work;
    double taken =
        isYoung()
            ? seconds
            : Math.clamp(seconds, expected / OUTLIER_FACTOR, expected * OUTLIER_FACTOR);
    requestsSquared = FADE * requestsSquared + (double) requests * requests;
    requestsWork = FADE * requestsWork + requests * work;
    workSquared = FADE * workSquared + work * work;
    requestsSeconds = FADE * requestsSeconds + requests * taken;
    workSeconds = FADE * workSeconds + work * taken;
    periods++;
    solve();
  }

  boolean isYoung() {
    return periods < YOUNG_PERIODS;
  }

  /** β: seconds for a token of prefill work. */
  double secondsPerToken() {
    return secondsPerToken;
  }

  /** a: seconds a request takes whatever its length. */
  double overheadSeconds() {
    return overheadSeconds;
  }

  /** Ridge regression towards the prior; β and a stay within sane distance of it. */
  private void solve() {
    double nn = requestsSquared + PRIOR_PERIODS;
    double ww = workSquared + PRIOR_PERIODS * PRIOR_WORK * PRIOR_WORK;
    double nw = requestsWork;
    double nt = requestsSeconds + PRIOR_PERIODS * priorOverheadSeconds;
    double wt = workSeconds + PRIOR_PERIODS * PRIOR_WORK * PRIOR_WORK * priorSecondsPerToken;
    double determinant = nn * ww - nw * nw;
    double a = (nt * ww - wt * nw) / determinant;
    double b = (nn * wt - nw * nt) / determinant;
    overheadSeconds = Math.clamp(a, 0, 1);
    secondsPerToken = Math.clamp(b, priorSecondsPerToken / 100, priorSecondsPerToken * 100);
  }
}
