package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.StepTimer;
import io.kvroute.loadtest.engine.StepWork;
import java.util.List;
import java.util.SplittableRandom;

/** Steps of one engine's process, with noise, on a machine that others may use too. */
record NoisySteps(StepTimer cost, Noise noise, Host.Worker worker, SplittableRandom random)
    implements StepTimer {

  @Override
  public long stepNanos(List<StepWork> work, long startNanos) {
    double alone =
        cost.stepNanos(work, startNanos) + noise.stepNanos() + work.size() * noise.sequenceNanos();
    return worker.compute(startNanos, noise.disturbed(alone, random));
  }
}
