package io.kvroute.router.learn;

import io.kvroute.router.fleet.CacheNames;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.FleetRouter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the KV events of the replicas that tell any, from the moment their model is known: vLLM's
 * as they are published, TensorRT-LLM's by polling. Whether they are believed is for {@link
 * KnowledgeCheck} to say, which is told how they fare.
 */
public final class KvEventFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KvEventFeed.class);

  /** How a replica's events are come by. */
  private sealed interface Source {
    record Published(List<EventEndpoint> endpoints) implements Source {}

    record Polled() implements Source {}
  }

  /**
   * What a replica's events are heard as.
   *
   * @param model the base model's first name
   * @param cache the name of its cache, under which they are entered
   */
  private record Subscription(
      int restarts, Source source, String model, String cache, Target target) {

    boolean isOf(Source now, String modelNow, String cacheNow) {
      return source.equals(now) && model.equals(modelNow) && cache.equals(cacheNow);
    }

    Subscription restarted(int now) {
      return new Subscription(now, source, model, cache, target);
    }
  }

  private final FleetRouter router;
  private final KeySpace keySpace;
  private final boolean discover;
  private final KnowledgeCheck knowledge;
  private final Function<ReplicaId, EventObserver> observers;
  private final Guards guards;
  private final EventListener listener;
  private final EventPoller poller;

  /** Confined to the fleet's listeners, which are called one at a time; so are the guards. */
  private final Map<ReplicaId, Subscription> subscriptions = new HashMap<>();

  private final Map<ReplicaId, EventObserver> observerOf = new HashMap<>();
  private final Map<ReplicaId, Guard> guardOf = new HashMap<>();

  /**
   * A feed that follows the fleet from now on.
   *
   * @param discover whether to hear engines of which the configuration does not say where
   * @param observers makes one for each replica that is heard
   */
  public KvEventFeed(
      Fleet fleet,
      FleetRouter router,
      KeySpace keySpace,
      boolean discover,
      KnowledgeCheck knowledge,
      Function<ReplicaId, EventObserver> observers,
      Guards guards) {
    this.router = router;
    this.keySpace = keySpace;
    this.discover = discover;
    this.knowledge = knowledge;
    this.observers = observers;
    this.guards = guards;
    this.listener = new EventListener(System::nanoTime, guards);
    this.poller = new EventPoller(guards);
    fleet.listen(this::follow);
  }

  /** How the replica's stream fares, null where none is listened to. */
  public @Nullable EventStatus status(ReplicaId replica) {
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
      guardOf
          .computeIfAbsent(view.id(), id -> guards.guard("kv-event-sources", id))
          .run(() -> follow(view, snapshot.cacheNames()));
    }
    if (guardOf.size() > snapshot.replicas().size()) {
      guardOf.keySet().removeIf(id -> snapshot.replica(id) == null);
      List.copyOf(subscriptions.keySet()).stream()
          .filter(id -> snapshot.replica(id) == null)
          .forEach(this::end);
      observerOf.entrySet().removeIf(entry -> isGone(entry, snapshot));
    }
  }

  private static boolean isGone(Map.Entry<ReplicaId, EventObserver> entry, FleetSnapshot snapshot) {
    boolean gone = snapshot.replica(entry.getKey()) == null;
    if (gone) {
      entry.getValue().close();
    }
    return gone;
  }

  /** An engine that names no events any more, as after a new start, is heard no more. */
  private void follow(ReplicaView view, CacheNames names) {
    Source source = source(view);
    String model = model(view.facts());
    if (source == null) {
      end(view.id());
    } else if (model != null) {
      follow(view, source, model, names.of(model));
    }
  }

  private void follow(ReplicaView view, Source source, String model, String cache) {
    Subscription known = subscriptions.get(view.id());
    if (known != null && !known.isOf(source, model, cache)) {
      end(view.id());
      known = null;
    }
    if (known == null) {
      Target target = new Target(view.id(), model, knowledge.of(view.id()));
      subscriptions.put(view.id(), new Subscription(view.restarts(), source, model, cache, target));
      router.hear(view.id());
      target.state.listening();
      subscribe(view, source, target, observerOf.computeIfAbsent(view.id(), observers));
    } else if (known.restarts() != view.restarts()) {
      startOver(view, known);
    }
  }

  private void startOver(ReplicaView view, Subscription known) {
    ReplicaKnowledge state = known.target().state;
    subscriptions.put(view.id(), known.restarted(view.restarts()));
    state.startingOver();
    Runnable done = state::startedOver;
    switch (known.source()) {
      case Source.Published published ->
          listener.startOver(view.id(), view.facts().startedAtSeconds(), done);
      case Source.Polled polled -> poller.startOver(view.id(), done);
    }
  }

  private void end(ReplicaId id) {
    Subscription known = subscriptions.remove(id);
    if (known != null) {
      log.info("replica {}: listening to its KV events no more", id);
      known.target().ended = true;
      unsubscribe(id, known.source());
      known.target().state.ended();
      router.untold(id);
    }
  }

  private void subscribe(ReplicaView view, Source source, Target target, EventObserver observer) {
    switch (source) {
      case Source.Published(List < EventEndpoint > endpoints) -> {
        log.info(
            "replica {}: listening to its KV events at {}",
            view.id(),
            endpoints.stream().map(EventEndpoint::live).toList());
        listener.subscribe(new EventSource(view.id(), endpoints), target, observer);
      }
      case Source.Polled() -> {
        log.info("replica {}: polling its KV events", view.id());
        poller.subscribe(
            view.id(), view.replica().url(), view.facts().blockSize(), target, observer);
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
    private final ReplicaKnowledge state;

    /** Nobody listens any more; what is still on its way is not for its successor. */
    private volatile boolean ended;

    Target(ReplicaId replica, String model, ReplicaKnowledge state) {
      this.replica = replica;
      this.model = model;
      this.state = state;
    }

    @Override
    public @Nullable IndexWriter holder(int blockSize) {
      return ended ? null : router.toldBy(replica, blockSize);
    }

    @Override
    public long root(@Nullable String lora, @Nullable String cacheSalt) {
      return keySpace.tokenRoot(lora == null ? model : lora, cacheSalt);
    }

    @Override
    public void forget() {
      if (!ended) {
        router.forgetTold(replica);
      }
    }

    @Override
    public void otherProcess() {
      if (!ended) {
        router.restarted(replica);
        knowledge.restarted(replica);
      }
    }

    @Override
    public void fared(EventTrust trust, long batches) {
      if (!ended) {
        state.fared(trust, batches);
      }
    }

    @Override
    public void unheard() {
      if (!ended) {
        state.unheard();
      }
    }
  }
}
