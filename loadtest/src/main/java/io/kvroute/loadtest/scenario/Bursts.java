package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.SplittableRandom;

/** Best-of-N sampling: bursts of requests with the same new prompt and different answers. */
record Bursts(
    int bursts, double perSecond, int siblings, IntRange promptTokens, IntRange answerTokens)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    Arrivals.poisson(fleet, random, bursts, perSecond, own -> burst(fleet, own));
  }

  private void burst(VirtualFleet fleet, SplittableRandom random) {
    int[] prompt = RandomTokens.draw(random, promptTokens.draw(random));
    for (int i = 0; i < siblings; i++) {
      int[] ids = RandomTokens.extend(prompt, random, answerTokens.draw(random));
      fleet.send(new VirtualRequest(ids, prompt.length, null), () -> {});
    }
  }
}
