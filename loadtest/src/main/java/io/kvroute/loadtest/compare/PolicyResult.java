package io.kvroute.loadtest.compare;

import java.util.List;

/** A policy's runs in one scenario, a run for each seed. */
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

  /** Its mean TTFT over that of the best of the others; NaN where there is no other. */
  double againstBestOther(List<PolicyResult> all) {
    return meanTtftSeconds().mean()
        / all.stream()
            .filter(other -> !other.policy.equals(policy))
            .mapToDouble(other -> other.meanTtftSeconds().mean())
            .min()
            .orElse(Double.NaN);
  }
}
