package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.SplittableRandom;

/**
 * Single questions behind system prompts of which some are asked far more often than others: the
 * n-th in proportion to 1/n^skew (Zipf's law).
 *
 * @param prompts how many system prompts there are
 * @param systemTokens how long each is
 */
record SharedPrompts(
    int requests,
    double perSecond,
    int prompts,
    double skew,
    Range systemTokens,
    Range questionTokens,
    Range answerTokens)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    int[][] systems = new int[prompts][];
    for (int i = 0; i < prompts; i++) {
      systems[i] = TokenIds.draw(random, systemTokens.draw(random));
    }
    Zipf law = new Zipf(prompts, skew);
    Arrivals.poisson(
        fleet, random, requests, perSecond, own -> ask(fleet, systems[law.draw(own)], own));
  }

  private void ask(VirtualFleet fleet, int[] system, SplittableRandom random) {
    int prompt = system.length + questionTokens.draw(random);
    int[] ids = TokenIds.extend(system, random, prompt - system.length + answerTokens.draw(random));
    fleet.send(new VirtualRequest(ids, prompt, null), () -> {});
  }
}
