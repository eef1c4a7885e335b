package io.kvroute.router.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The replicas of one base model: what first tokens take on all of them, and how each differs. A
 * replica is taken to be as fast as the others unless it has surely shown otherwise, and then as
 * different as it has surely shown: equal replicas differ by noise alone, and a young one has shown
 * nothing. Guarded by the router's lock.
 */
final class SpeedGroup {

  private static final long PERIOD_NANOS = 200_000_000L;

  /** Standard errors within which a difference is taken for noise. */
  private static final double SURE = 2;

  /**
   * Differences that first tokens of equal replicas show over minutes, because their samples are
   * not independent: neighbours on a host slow a replica for a while.
   */
  private static final double LEAST_ERROR = 0.1;

  final TtftModel ttft = new TtftModel();

  private final LoadTable loads;
  private List<RoutedReplica> members = new ArrayList<>();
  private boolean refreshed;
  private long refreshedNanos;

  SpeedGroup(LoadTable loads) {
    this.loads = loads;
  }

  void members(List<RoutedReplica> all) {
    members = all;
    refreshed = false;
  }

  /**
   * A request had its first token.
   *
   * @param seconds from its being sent
   */
  void learn(RoutedReplica member, Reservation.Wait wait, double seconds, long nowNanos) {
    double usual = ttft.predict(wait);
    member.pace.add(seconds, usual / member.replica.weight(), nowNanos);
    double factor = loads.slowness[member.slot];
    ttft.learn(wait, seconds / factor);
  }

  /** Works the speeds out again if that was not done for a while. */
  void refresh(long nowNanos) {
    if (refreshed && nowNanos - refreshedNanos < PERIOD_NANOS) {
      return;
    }
    refreshed = true;
    refreshedNanos = nowNanos;
    double usual = usualLogRatio();
    for (RoutedReplica member : members) {
      refresh(member, usual, nowNanos);
    }
  }

  private void refresh(RoutedReplica member, double usual, long nowNanos) {
    Pace pace = member.pace;
    double noise = SURE * Math.max(LEAST_ERROR, pace.error(nowNanos));
    double factor = Math.exp(surePart(pace.logRatio() - usual, noise)) / member.replica.weight();
    int slot = member.slot;
    loads.slowness[slot] = factor;
    loads.overheadSeconds[slot] = factor * ttft.overheadSeconds();
    loads.secondsPerWaiting[slot] = factor * ttft.secondsPerWaiting();
    loads.secondsPerDecoding[slot] = factor * ttft.sureSecondsPerDecoding();
    loads.secondsPerToken[slot] = factor * ttft.secondsPerToken();
    loads.deviation[slot] = pace.deviation();
    loads.noise[slot] = pace.noise();
  }

  private double usualLogRatio() {
    double[] ratios =
        members.stream()
            .filter(m -> m.pace.isKnown())
            .mapToDouble(m -> m.pace.logRatio())
            .toArray();
    if (ratios.length == 0) {
      return 0;
    }
    Arrays.sort(ratios);
    return (ratios[(ratios.length - 1) / 2] + ratios[ratios.length / 2]) / 2;
  }

  /** What is left of a difference when what may be noise is taken off. */
  private static double surePart(double difference, double noise) {
    return Math.copySign(Math.max(0, Math.abs(difference) - noise), difference);
  }
}
