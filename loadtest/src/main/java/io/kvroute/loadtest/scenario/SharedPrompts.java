package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.SplittableRandom;

/**
 * Single questions, each after one of several system prompts. The n-th system prompt is chosen in
 * proportion to 1/n^skew (Zipf's law), so some are used far more often than others.
 *
 * @param requests number of questions
 * @param perSecond questions per second, as a Poisson process
 * @param prompts number of system prompts
 * @param skew exponent of Zipf's law
 * @param systemTokens length of a system prompt
 * @param questionTokens length of a question
 * @param answerTokens length of an answer
 */
record SharedPrompts(
    int requests,
    double perSecond,
    int prompts,
    double skew,
    IntRange systemTokens,
    IntRange questionTokens,
    IntRange answerTokens)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    int[][] systems = new int[prompts][];
    for (int i = 0; i < prompts; i++) {
      systems[i] = RandomTokens.draw(random, systemTokens.draw(random));
    }
    Zipf law = new Zipf(prompts, skew);
    Arrivals.poisson(
        fleet, random, requests, perSecond, own -> ask(fleet, systems[law.draw(own)], own));
  }

  private void ask(VirtualFleet fleet, int[] system, SplittableRandom random) {
    int prompt = system.length + questionTokens.draw(random);
    int[] ids =
        RandomTokens.extend(system, random, prompt - system.length + answerTokens.draw(random));
    fleet.send(new VirtualRequest(ids, prompt, null), () -> {});
  }
}
