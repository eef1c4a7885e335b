package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.RecordedReservation;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.route.Router;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sends each request to the first replica that it may use, and records its reservations. */
final class ScriptedRouter implements Router {

  private final Fleet fleet;
  private final List<RecordedReservation> reservations = new CopyOnWriteArrayList<>();

  ScriptedRouter(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public Decision route(RouteQuery query) {
    List<ReplicaView> serving = fleet.snapshot().serving(query.model());
    if (serving.isEmpty()) {
      return new Decision.UnknownModel();
    }
    ReplicaView picked =
        serving.stream()
            .filter(view -> view.ready(query.model()) && !query.excluded().contains(view.id()))
            .findFirst()
            .orElse(null);
    if (picked == null) {
      return new Decision.NoneReady(0);
    }
    RecordedReservation recorded = new RecordedReservation(query, picked);
    reservations.add(recorded);
    return new Decision.Reserved(recorded.reservation());
  }

  /** The reservations made so far. */
  List<RecordedReservation> reservations() {
    return reservations;
  }

  /** Reservations that are not closed yet. */
  long load() {
    return reservations.stream().filter(each -> each.outcomes().isEmpty()).count();
  }

  /** How requests ended, in the order of routing. */
  List<Outcome> outcomes() {
    return reservations.stream().flatMap(each -> each.outcomes().stream()).toList();
  }
}
