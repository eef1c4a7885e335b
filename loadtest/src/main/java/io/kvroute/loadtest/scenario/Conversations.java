package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.SplittableRandom;

/**
 * Conversations that name their session. All share one system prompt. Each begins with its own
 * document, and continues with questions. Every prompt contains the whole conversation so far.
 *
 * @param conversations number of conversations
 * @param perSecond conversations that begin per second, as a Poisson process
 * @param systemTokens length of the system prompt
 * @param documentTokens length of the document in the first message
 * @param questionTokens length of a later message
 * @param answerTokens length of an answer
 * @param turns turns of a conversation
 * @param thinkSeconds mean time between the end of an answer and the next question
 */
record Conversations(
    int conversations,
    double perSecond,
    int systemTokens,
    IntRange documentTokens,
    IntRange questionTokens,
    IntRange answerTokens,
    IntRange turns,
    double thinkSeconds)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    int[] system = RandomTokens.draw(random, systemTokens);
    Arrivals.poisson(
        fleet,
        random,
        conversations,
        perSecond,
        own -> {
          String session = Long.toHexString(own.nextLong());
          int[] prompt = RandomTokens.extend(system, own, documentTokens.draw(own));
          ask(fleet, session, prompt, turns.draw(own), own);
        });
  }

  private void ask(
      VirtualFleet fleet, String session, int[] prompt, int turnsLeft, SplittableRandom random) {
    int[] ids = RandomTokens.extend(prompt, random, answerTokens.draw(random));
    fleet.send(
        new VirtualRequest(ids, prompt.length, session),
        () -> {
          if (turnsLeft > 1) {
            int[] next = RandomTokens.extend(ids, random, questionTokens.draw(random));
            fleet
                .clock()
                .afterSeconds(
                    Arrivals.exponential(random, thinkSeconds),
                    () -> ask(fleet, session, next, turnsLeft - 1, random));
          }
        });
  }
}
