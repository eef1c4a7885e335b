package io.kvroute.router.app;

import io.kvroute.router.admin.EventMetrics;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
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
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the KV events of the replicas that publish them, from the moment their model is known.
 * Until a replica's first event, and where it never sends one, a model of its cache serves instead.
 */
final class EventFeed implements AutoCloseable {

  private record Subscription(int restarts, EventMetrics metrics) {}

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
      URI live = view.replica().spec().kvEvents();
      String model = model(view.facts());
      if (live != null && model != null) {
        follow(view, live, model);
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

  private void follow(ReplicaView view, URI live, String model) {
    Subscription known = subscriptions.get(view.id());
    if (known == null) {
      EventMetrics metrics = new EventMetrics(view.id(), registry);
      URI replay = view.replica().spec().kvReplay();
      listener.subscribe(
          new EventSource(view.id(), live.toString(), replay == null ? null : replay.toString()),
          new Target(view.id(), model),
          metrics);
      subscriptions.put(view.id(), new Subscription(view.restarts(), metrics));
    } else if (known.restarts() != view.restarts()) {
      listener.startOver(view.id());
      subscriptions.put(view.id(), new Subscription(view.restarts(), known.metrics()));
    }
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
