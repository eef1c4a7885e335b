package io.kvroute.router.route;

import java.util.Arrays;
import java.util.List;

/**
 * The speeds that decisions use, from what each replica has shown and the median of those that
 * serve the same model. A replica is taken to be as fast as the median unless it has surely shown
 * otherwise, and then as different as it has surely shown: equal replicas differ by noise alone,
 * and a young one has shown nothing. Guarded by the router's lock.
 */
final class FleetSpeed {

  private static final long PERIOD_NANOS = 200_000_000L;

  /** Standard errors within which a difference is taken for noise. */
  private static final double SURE = 2;

  private final LoadTable loads;
  private boolean workedOut;
  private long workedOutNanos;

  FleetSpeed(LoadTable loads) {
    this.loads = loads;
  }

  /** Works the speeds out again if that was not done for a while. */
  void refresh(Iterable<ModelPool> pools, long nowNanos) {
    if (workedOut && nowNanos - workedOutNanos < PERIOD_NANOS) {
      return;
    }
    workedOut = true;
    workedOutNanos = nowNanos;
    for (ModelPool pool : pools) {
      refresh(pool.members(), nowNanos);
    }
  }

  private void refresh(List<Member> members, long nowNanos) {
    double[] rates = new double[members.size()];
    double[] overheads = new double[members.size()];
    int n = 0;
    for (Member member : members) {
      if (member.rate.isLearned()) {
        rates[n] = member.rate.secondsPerToken() * member.replica.weight();
        overheads[n++] = member.rate.overheadSeconds();
      }
    }
    if (n == 0) {
      return;
    }
    double rate = median(rates, n);
    double overhead = median(overheads, n);
    for (Member member : members) {
      PrefillRate own = member.rate;
      double usual = rate / member.replica.weight();
      double shown = Math.log(own.secondsPerToken() / usual);
      loads.secondsPerToken[member.slot] =
          usual * Math.exp(surePart(shown, SURE * own.errorOfLogRate(nowNanos)));
      double more = own.overheadSeconds() - overhead;
      loads.overheadSeconds[member.slot] =
          overhead + surePart(more, SURE * own.errorOfOverhead(nowNanos));
    }
  }

  /** What is left of a difference when what may be noise is taken off. */
  private static double surePart(double difference, double noise) {
    return Math.copySign(Math.max(0, Math.abs(difference) - noise), difference);
  }

  private static double median(double[] values, int n) {
    Arrays.sort(values, 0, n);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
  }
}
