package io.kvroute.loadtest.compare;

import java.util.List;
import java.util.OptionalDouble;

/** A policy's runs in one scenario, one run per seed. */
record PolicyResult(String policy, List<Run> runs) {

  Estimate meanTtftSeconds() {
    return Estimate.of(runs.stream().mapToDouble(Run::meanTtftSeconds).toArray());
  }

  Estimate p95TtftSeconds() {
    return Estimate.of(runs.stream().mapToDouble(Run::p95TtftSeconds).toArray());
  }

  Estimate hitRate() {
    return Estimate.of(runs.stream().mapToDouble(Run::hitRate).toArray());
  }

  /** NaN where no conversation has a second turn. */
  Estimate movedShare() {
    return Estimate.of(runs.stream().mapToDouble(Run::movedShare).toArray());
  }

  /** This policy's mean TTFT divided by the best other policy's; empty if there is no other. */
  OptionalDouble againstBestOther(List<PolicyResult> all) {
    return all.stream()
        .filter(other -> !other.policy.equals(policy))
        .mapToDouble(other -> meanTtftSeconds().mean() / other.meanTtftSeconds().mean())
        .max();
  }
}
