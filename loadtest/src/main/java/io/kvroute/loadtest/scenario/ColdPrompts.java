package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.SplittableRandom;

/** Single requests whose prompts share no prefix. */
record ColdPrompts(int requests, double perSecond, IntRange promptTokens, IntRange answerTokens)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    Arrivals.poisson(fleet, random, requests, perSecond, own -> send(fleet, own));
  }

  private void send(VirtualFleet fleet, SplittableRandom random) {
    int prompt = promptTokens.draw(random);
    int[] ids = RandomTokens.draw(random, prompt + answerTokens.draw(random));
    fleet.send(new VirtualRequest(ids, prompt, null), () -> {});
  }
}
