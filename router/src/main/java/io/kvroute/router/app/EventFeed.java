package io.kvroute.router.app;

import io.kvroute.router.admin.EventMetrics;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
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
import io.kvroute.router.learn.EventPoller;
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
 * Hears the KV events of the replicas that tell any, from the moment their model is known: vLLM's
 * as they are published, TensorRT-LLM's by polling. Until a replica's first event, and where it
 * never sends one, a model of its cache serves instead.
 */
final class EventFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventFeed.class);

  /** How a replica's events are come by. */
  private sealed interface Source {
    record Published(List<EventEndpoint> endpoints) implements Source {}

    record Polled() implements Source {}
  }

  /**
   * What a replica's events are heard as.
   *
   * @param cache the name of the cache they are entered under
   */
  private record Subscription(int restarts, Source source, String cache, EventMetrics metrics) {}

  private final FleetRouter router;
  private final KeySpace keySpace;
  private final boolean discover;
  private final MeterRegistry registry;
  private final EventListener listener = new EventListener(System::nanoTime);
  private final EventPoller poller = new EventPoller();

  /** Confined to the fleet's listeners, which are called one at a time. */
  private final Map<ReplicaId, Subscription> subscriptions = new HashMap<>();

  /**
   * A feed that follows the fleet from now on.
   *
   * @param discover whether to hear engines of which the configuration does not say where
   */
  EventFeed(
      Fleet fleet,
      FleetRouter router,
      KeySpace keySpace,
      boolean discover,
      MeterRegistry registry) {
    this.router = router;
    this.keySpace = keySpace;
    this.discover = discover;
    this.registry = registry;
    fleet.listen(this::follow);
  }

  /** How the replica's stream fares, null where none is listened to. */
  @Nullable EventStatus status(ReplicaId replica) {
    EventStatus published = listener.status(replica);
    return published != null ? published : poller.status(replica);
  }

  @Override
  public void close() {
    listener.close();
    poller.close();
  }

  private void follow(FleetSnapshot snapshot) {
    for (ReplicaView view : snapshot.replicas()) {
      Source source = source(view);
      String model = model(view.facts());
      if (source != null && model != null) {
        follow(view, source, model, snapshot.cacheNames().of(model));
      }
    }
    subscriptions
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = snapshot.replica(entry.getKey()) == null;
              if (gone) {
                unsubscribe(entry.getKey(), entry.getValue().source());
                entry.getValue().metrics().close();
              }
              return gone;
            });
  }

  private void follow(ReplicaView view, Source source, String model, String cache) {
    Subscription known = subscriptions.get(view.id());
    EventMetrics metrics = known == null ? new EventMetrics(view.id(), registry) : known.metrics();
    if (known == null || !known.source().equals(source) || !known.cache().equals(cache)) {
      if (known != null) {
        unsubscribe(view.id(), known.source());
      }
      subscribe(view, source, new Target(view.id(), model), metrics);
    } else if (known.restarts() != view.restarts()) {
      listener.startOver(view.id());
      poller.startOver(view.id());
    }
    subscriptions.put(view.id(), new Subscription(view.restarts(), source, cache, metrics));
  }

  private void subscribe(ReplicaView view, Source source, Target target, EventMetrics metrics) {
    switch (source) {
      case Source.Published(List < EventEndpoint > endpoints) -> {
        log.info(
            "replica {}: listening to its KV events at {}",
            view.id(),
            endpoints.stream().map(EventEndpoint::live).toList());
        listener.subscribe(new EventSource(view.id(), endpoints), target, metrics);
      }
      case Source.Polled() -> {
        log.info("replica {}: polling its KV events", view.id());
        poller.subscribe(
            view.id(), view.replica().url(), view.facts().blockSize(), target, metrics);
      }
    }
  }

  private void unsubscribe(ReplicaId id, Source source) {
    switch (source) {
      case Source.Published published -> listener.unsubscribe(id);
      case Source.Polled polled -> poller.unsubscribe(id);
    }
  }

  /** What the configuration says, or else the engine itself; null where neither does. */
  private @Nullable Source source(ReplicaView view) {
    ReplicaSpec spec = view.replica().spec();
    URI live = spec.kvEvents();
    URI replay = spec.kvReplay();
    if (live != null) {
      return new Source.Published(
          List.of(
              new EventEndpoint(0, live.toString(), replay == null ? null : replay.toString())));
    }
    if (!discover) {
      return null;
    }
    if (view.facts().engine() == EngineKind.TRTLLM) {
      return new Source.Polled();
    }
    List<EventEndpoint> told = view.facts().events();
    return told.isEmpty() ? null : new Source.Published(told);
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
