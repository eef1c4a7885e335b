package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A closed workload: clients have at most {@code atOnce} requests in flight. Dialogues come in
 * batches: all dialogues of a batch begin together, and the next batch begins when all have ended.
 * Requests name no session.
 *
 * @param atOnce the most requests in flight; further requests wait in the order of their arrival
 * @param thinkSeconds longest think time before a question; uniformly distributed from 0
 * @param answerTokens length of an answer
 * @param dialogues draws the batches
 */
record ClosedLoop(int atOnce, double thinkSeconds, IntRange answerTokens, Dialogues dialogues)
    implements Traffic {

  @Override
  public void play(VirtualFleet fleet, SplittableRandom random) {
    play(fleet, new Gate(atOnce), dialogues.batches(random), 0, random);
  }

  private void play(
      VirtualFleet fleet,
      Gate gate,
      List<List<Dialogue>> batches,
      int batch,
      SplittableRandom random) {
    if (batch == batches.size()) {
      return;
    }
    List<Dialogue> dialogues = batches.get(batch);
    Countdown ended =
        new Countdown(dialogues.size(), () -> play(fleet, gate, batches, batch + 1, random));
    for (Dialogue dialogue : dialogues) {
      think(new Clients(fleet, gate, random.split(), ended), dialogue, dialogue.opening(), 0);
    }
  }

  /** What all dialogues of a batch share, and the random numbers of one dialogue. */
  private record Clients(VirtualFleet fleet, Gate gate, SplittableRandom random, Countdown ended) {}

  private void think(Clients clients, Dialogue dialogue, int[] said, int turn) {
    int[] prompt = RandomTokens.extend(said, clients.random, dialogue.questionTokens()[turn]);
    int[] ids = RandomTokens.extend(prompt, clients.random, answerTokens.draw(clients.random));
    VirtualRequest request = new VirtualRequest(ids, prompt.length, null, dialogue.name());
    clients
        .fleet
        .clock()
        .afterSeconds(
            thinkSeconds * clients.random.nextDouble(),
            () -> clients.gate.enter(() -> ask(clients, dialogue, request, turn)));
  }

  private void ask(Clients clients, Dialogue dialogue, VirtualRequest request, int turn) {
    clients.fleet.send(
        request,
        () -> {
          clients.gate.leave();
          if (turn + 1 < dialogue.questionTokens().length) {
            think(clients, dialogue, request.ids(), turn + 1);
          } else {
            clients.ended.one();
          }
        });
  }

  /** Runs an action when {@link #one} was called so many times. */
  private static final class Countdown {

    private final Runnable then;
    private int left;

    Countdown(int count, Runnable then) {
      this.left = count;
      this.then = then;
    }

    void one() {
      if (--left == 0) {
        then.run();
      }
    }
  }
}
