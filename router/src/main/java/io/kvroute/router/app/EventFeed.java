package io.kvroute.router.app;

import io.kvroute.router.admin.EventMetrics;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.index.Holder;
import io.kvroute.router.index.KeySpace;
import io.kvroute.router.learn.EventListener;
import io.kvroute.router.learn.EventSource;
import io.kvroute.router.learn.EventStatus;
import io.kvroute.router.learn.EventTarget;
import io.kvroute.router.route.FleetRouter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to the KV events of the replicas that publish them, from the moment their model is known.
 * Until a replica's first event, and where it never sends one, a model of its cache serves instead.
 */
final class EventFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventFeed.class);

  private record Subscription(int restarts, List<EventEndpoint> endpoints, EventMetrics metrics) {}

  private final FleetRouter router;
  private final KeySpace keySpace;
  private final MeterRegistry registry;
  private final EventListener listener = new EventListener(System::nanoTime);

  /** Confined to the fleet's listeners, which are called one at a time. */
  private final Map<ReplicaId, Subscription> subscriptions = new HashMap<>();

  EventFeed(Fleet fleet, FleetRouter router, KeySpace keySpace, MeterRegistry registry) {
    this.router = router;
    this.keySpace = keySpace;
    this.registry = registry;
    fleet.listen(this::follow);
  }

  /** How the replica's stream fares, null where none is listened to. */
  @Nullable EventStatus status(ReplicaId replica) {
    return listener.status(replica);
  }

  @Override
  public void close() {
    listener.close();
  }

  private void follow(FleetSnapshot snapshot) {
    for (ReplicaView view : snapshot.replicas()) {
      List<EventEndpoint> endpoints = endpoints(view);
      String model = model(view.facts());
      if (!endpoints.isEmpty() && model != null) {
        follow(view, endpoints, model);
      }
    }
    subscriptions
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = snapshot.replica(entry.getKey()) == null;
              if (gone) {
                listener.unsubscribe(entry.getKey());
                entry.getValue().metrics().close();
              }
              return gone;
            });
  }

  private void follow(ReplicaView view, List<EventEndpoint> endpoints, String model) {
    Subscription known = subscriptions.get(view.id());
    EventMetrics metrics = known == null ? new EventMetrics(view.id(), registry) : known.metrics();
    if (known == null || !known.endpoints().equals(endpoints)) {
      log.info(
          "replica {}: listening to its KV events at {}",
          view.id(),
          endpoints.stream().map(EventEndpoint::live).toList());
      listener.subscribe(
          new EventSource(view.id(), endpoints), new Target(view.id(), model), metrics);
    } else if (known.restarts() != view.restarts()) {
      listener.startOver(view.id());
    }
    subscriptions.put(view.id(), new Subscription(view.restarts(), endpoints, metrics));
  }

  /** What the configuration says, or else the engine itself. */
  private static List<EventEndpoint> endpoints(ReplicaView view) {
    ReplicaSpec spec = view.replica().spec();
    URI replay = spec.kvReplay();
    return spec.kvEvents() == null
        ? view.facts().events()
        : List.of(
            new EventEndpoint(
                0, spec.kvEvents().toString(), replay == null ? null : replay.toString()));
  }

  /** The model whose blocks events tell of: adapters' events name the adapter. */
  private static @Nullable String model(EngineFacts facts) {
    for (ServedModel served : facts.models()) {
      if (served.parent() == null) {
        return served.id();
      }
    }
    return null;
  }

  /** Where one replica's events are entered: under the keys that its requests get. */
  private final class Target implements EventTarget {
    private final ReplicaId replica;
    private final String model;

    Target(ReplicaId replica, String model) {
      this.replica = replica;
      this.model = model;
    }

    @Override
    public @Nullable Holder holder(int blockSize) {
      return router.toldBy(replica, blockSize);
    }

    @Override
    public long root(@Nullable String lora, @Nullable String cacheSalt) {
      return keySpace.tokenRoot(lora == null ? model : lora, cacheSalt);
    }
  }
}
