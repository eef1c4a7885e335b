package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.Arrays;
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
    double[] upTo = new double[prompts];
    double sum = 0;
    for (int i = 0; i < prompts; i++) {
      systems[i] = TokenIds.draw(random, systemTokens.draw(random));
      sum += Math.pow(i + 1, -skew);
      upTo[i] = sum;
    }
    double total = sum;
    Arrivals.poisson(
        fleet,
        random,
        requests,
        perSecond,
        own -> ask(fleet, systems[chosen(upTo, own.nextDouble() * total)], own));
  }

  private static int chosen(double[] upTo, double drawn) {
    int at = Arrays.binarySearch(upTo, drawn);
    return Math.min(upTo.length - 1, at < 0 ? -at - 1 : at + 1);
  }

  private void ask(VirtualFleet fleet, int[] system, SplittableRandom random) {
    int prompt = system.length + questionTokens.draw(random);
    int[] ids = TokenIds.extend(system, random, prompt - system.length + answerTokens.draw(random));
    fleet.send(new VirtualRequest(ids, prompt, null), () -> {});
  }
}
