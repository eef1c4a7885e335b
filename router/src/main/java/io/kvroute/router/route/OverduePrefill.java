package io.kvroute.router.route;

/**
 * Says for how long a replica's prefill has been overdue. The first request in the queue is taken
 * to be in progress. Its prefill is overdue once it has been the first for longer than its
 * predicted time multiplied by exp(3σ), where σ is the standard deviation of the logarithm of the
 * replica's times to first token. If these times are log-normally distributed, only one prefill in
 * 700 takes that long.
 *
 * <p>{@link CostModel} adds the time to the replica's queue; {@link Breaker} is about failed
 * requests only. Costs O(1). Guarded by the router's lock.
 *
 * <pre>
 *   predicted 0.4 s, σ = 0.5       limit: 0.4·exp(3·0.5) = 1.8 s
 *   first in the queue for 1.0 s   not overdue: 0 s
 *   first in the queue for 5.0 s   overdue for 3.2 s
 * </pre>
 */
final class OverduePrefill {

  /** Standard deviations of the logarithm that the time may lie above the predicted time. */
  static final double DEVIATIONS = 3;

  private OverduePrefill() {}

  /** Seconds for which the first request in the queue has been overdue, 0 if it is not. */
  static double seconds(LoadTable loads, int slot, long nowNanos) {
    if (loads.prefillingWork[slot] == 0) {
      return 0;
    }
    double predicted =
        CostModel.idleSeconds(loads, slot, loads.prefillingWork[slot])
            + loads.secondsPerWaiting[slot] * loads.waiting[slot]
            + CostModel.sharedStepSeconds(loads, slot);
    double longest = predicted * Math.exp(DEVIATIONS * loads.logDeviation[slot]);
    return Math.max(0, CostModel.prefillingSeconds(loads, slot, nowNanos) - longest);
  }
}
