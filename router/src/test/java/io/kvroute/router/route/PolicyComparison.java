package io.kvroute.router.route;

import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Prints how each policy fares in each scenario: mean and 95th percentile of TTFT, and hit rate.
 */
final class PolicyComparison {

  private PolicyComparison() {}

  public static void main(String[] args) {
    int seeds = args.length > 0 ? Integer.parseInt(args[0]) : 3;
    String only = args.length > 1 ? args[1] : "";
    System.out.printf(
        Locale.ROOT,
        "%-16s %-14s %10s %10s %8s%n",
        "scenario",
        "policy",
        "mean ms",
        "p95 ms",
        "hits");
    for (String scenario : Scenarios.ALL.keySet()) {
      for (String policy : Policies.NAMES) {
        if (scenario.contains(only) && !policy.equals("random")) {
          print(scenario, policy, seeds);
        }
      }
    }
  }

  private static void print(String scenario, String policy, int seeds) {
    double[] means = new double[3];
    LongStream.rangeClosed(1, seeds)
        .forEach(
            seed -> {
              VirtualFleet fleet = Scenarios.play(scenario, policy, seed);
              means[0] += fleet.meanTtft() / seeds;
              means[1] += fleet.ttft(0.95) / seeds;
              means[2] += fleet.hitRate() / seeds;
            });
    System.out.printf(
        Locale.ROOT,
        "%-16s %-14s %10.1f %10.1f %7.1f%%%n",
        scenario,
        policy,
        1e3 * means[0],
        1e3 * means[1],
        100 * means[2]);
  }
}
