package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.route.Router;
import io.kvroute.router.route.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends each request to the first replica that it may use, and records the outcomes. */
final class ScriptedRouter implements Router {

  private final Fleet fleet;
  private final List<ScriptedReservation> reservations = new CopyOnWriteArrayList<>();

  ScriptedRouter(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public Decision route(RouteQuery query) {
    List<ReplicaView> serving = fleet.snapshot().serving(query.model());
    if (serving.isEmpty()) {
      return new Decision.UnknownModel();
    }
    List<ReplicaView> ready =
        new ArrayList<>(serving.stream().filter(view -> view.ready(query.model())).toList());
    if (ready.isEmpty()) {
      return new Decision.NoneReady();
    }
    Replica replica =
        ready.stream()
            .filter(view -> !query.avoid().contains(view.id()))
            .findFirst()
            .orElse(ready.getFirst())
            .replica();
    ScriptedReservation reservation = new ScriptedReservation(replica);
    reservations.add(reservation);
    return new Decision.Go(reservation);
  }

  /** The reservations given out so far. */
  List<ScriptedReservation> reservations() {
    return reservations;
  }

  /** Reservations that are not closed yet. */
  long load() {
    return reservations.stream().filter(reservation -> reservation.outcomes.isEmpty()).count();
  }

  /** How requests ended, in the order of routing. */
  List<Outcome> outcomes() {
    return reservations.stream()
        .flatMap(reservation -> reservation.outcomes.stream().limit(1))
        .toList();
  }

  static final class ScriptedReservation implements Ticket {
    private final Replica replica;
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private final AtomicInteger firstTokens = new AtomicInteger();
    private final AtomicInteger chunks = new AtomicInteger();
    private final List<int[]> answers = new CopyOnWriteArrayList<>();

    ScriptedReservation(Replica replica) {
      this.replica = replica;
    }

    @Override
    public Replica replica() {
      return replica;
    }

    @Override
    public int matchedTokens() {
      return 32;
    }

    @Override
    public int bestMatchedTokens() {
      return 64;
    }

    @Override
    public void firstToken() {
      firstTokens.incrementAndGet();
    }

    @Override
    public void generated(int more) {
      chunks.addAndGet(more);
    }

    @Override
    public void close(Outcome outcome) {
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

    /** The reported token ids, one entry for each report. */
    List<int[]> answers() {
      return answers;
    }

    int firstTokens() {
      return firstTokens.get();
    }

    int chunks() {
      return chunks.get();
    }
  }
}
