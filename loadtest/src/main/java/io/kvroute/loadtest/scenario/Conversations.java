package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.SplittableRandom;

/**
 * Conversations that name their session: one system prompt for all, a document of its own in each
 * one's first message, and then question after answer, each prompt holding all that was said.
 *
 * @param perSecond conversations that begin
 * @param systemTokens length of the system prompt
 * @param thinkSeconds mean time between an answer's end and the next question
 */
record Conversations(
    int conversations,
    double perSecond,
    int systemTokens,
    Range documentTokens,
    Range questionTokens,
    Range answerTokens,
    Range turns,
    double thinkSeconds)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    int[] system = TokenIds.draw(random, systemTokens);
    Arrivals.poisson(
        fleet,
        random,
        conversations,
        perSecond,
        own -> {
          String session = Long.toHexString(own.nextLong());
          int[] prompt = TokenIds.extend(system, own, documentTokens.draw(own));
          ask(fleet, session, prompt, turns.draw(own), own);
        });
  }

  private void ask(
      VirtualFleet fleet, String session, int[] prompt, int turnsLeft, SplittableRandom random) {
    int[] ids = TokenIds.extend(prompt, random, answerTokens.draw(random));
    fleet.send(
        new VirtualRequest(ids, prompt.length, session),
        () -> {
          if (turnsLeft > 1) {
            int[] next = TokenIds.extend(ids, random, questionTokens.draw(random));
            fleet
                .clock()
                .afterSeconds(
                    Arrivals.exponential(random, thinkSeconds),
                    () -> ask(fleet, session, next, turnsLeft - 1, random));
          }
        });
  }
}
