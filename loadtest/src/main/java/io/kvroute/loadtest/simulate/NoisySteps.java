package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.StepTimer;
import io.kvroute.loadtest.engine.StepWork;
import java.util.List;
import java.util.SplittableRandom;

/** Gives the noisy duration of an engine's steps on a core of its own. */
record NoisySteps(StepTimer cost, Noise noise, SplittableRandom random) implements StepTimer {

  @Override
  public long stepNanos(List<StepWork> work, long startNanos) {
    double own = noise.engine().stepNanos() + work.size() * noise.engine().sequenceNanos();
    return Math.round(noise.step(cost.stepNanos(work, startNanos) + own, random));
  }
}
