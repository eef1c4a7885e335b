package io.kvroute.router.route;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.PromptMode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A real reservation outside of any router, which records the signals that it receives. It wants
 * every answer's ids.
 */
public final class RecordedReservation {

  private static final int PROMPT_TOKENS = 100;

  /** With blocks of one token, every chunk is passed on. */
  private static final int BLOCK_SIZE = 1;

  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final AtomicInteger firstTokens = new AtomicInteger();
  private final AtomicInteger chunks = new AtomicInteger();
  private final List<int[]> answers = new CopyOnWriteArrayList<>();
  private final Reservation reservation;

  /** A reservation on a replica that was predicted to hold 32 tokens, where another holds 64. */
  public RecordedReservation(RouteQuery query, ReplicaView view) {
    LoadTable loads = new LoadTable();
    loads.open(view.replica().slot(), 1);
    ShadowCache shadow = new ShadowCache(new BlockIndex(1 << 20).open(0), 1000, BLOCK_SIZE);
    RoutedReplica replica =
        new RoutedReplica(view, new CacheKnowledge(shadow), new SpeedGroup(loads), loads);
    replica.gone = true;
    RouterContext context =
        new RouterContext(new ReentrantLock(), System::nanoTime, RouteObserver.NONE, new Fleet());
    RouteObserver.Routed routed =
        new RouteObserver.Routed(
            query.model(),
            view.id(),
            "scripted",
            PromptMode.LOAD,
            new RouteObserver.Match(PROMPT_TOKENS, 32, 64, -1),
            new RouteObserver.DecisionTime(0, 0));
    TtftModel.Inputs inputs = new TtftModel.Inputs(0, PROMPT_TOKENS, 0);
    reservation =
        new Reservation(
            context,
            replica,
            query,
            routed,
            SessionMove.NONE,
            new Recorder(),
            new Reservation.Prediction(inputs, PROMPT_TOKENS, 0, true, 0));
  }

  public Reservation reservation() {
    return reservation;
  }

  /** How the request ended, once it has. */
  public List<Outcome> outcomes() {
    return outcomes;
  }

  public int firstTokens() {
    return firstTokens.get();
  }

  public int chunks() {
    return chunks.get();
  }

  /** The ids of the answer, each time they were reported. */
  public List<int[]> answers() {
    return answers;
  }

  private final class Recorder implements CacheUse {
    @Override
    public void firstToken() {
      firstTokens.incrementAndGet();
    }

    @Override
    public void generated(int tokens) {
      chunks.set(tokens);
    }

    @Override
    public void ended(Outcome outcome, int tokens) {
      outcomes.add(outcome);
    }

    @Override
    public boolean wantsAnswer() {
      return true;
    }

    @Override
    public void answered(int[] ids) {
      answers.add(ids);
    }
  }
}
