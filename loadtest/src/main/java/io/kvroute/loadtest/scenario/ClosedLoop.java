package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualRequest;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Clients that send at most so many requests at once (a closed model). Dialogues come in batches:
 * those of a batch begin together, and the next batch begins when all of them have ended. No
 * session is named.
 *
 * @param atOnce requests under way at most; the others wait in the order in which they came
 * @param thinkSeconds the longest time before each question, each shorter one as likely
 * @param dialogues draws the batches
 */
record ClosedLoop(int atOnce, double thinkSeconds, Range answerTokens, Dialogues dialogues)
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

  /** Who plays a dialogue, and what it draws from. */
  private record Clients(VirtualFleet fleet, Gate gate, SplittableRandom random, Countdown ended) {}

  private void think(Clients clients, Dialogue dialogue, int[] said, int turn) {
    int[] prompt = TokenIds.extend(said, clients.random, dialogue.questionTokens()[turn]);
    int[] ids = TokenIds.extend(prompt, clients.random, answerTokens.draw(clients.random));
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

  /** Does something when so many have ended. */
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
