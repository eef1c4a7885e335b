package io.kvroute.router.learn;

import io.kvroute.router.fleet.CacheNames;
import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.guard.PartGuards;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.route.FleetRouter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subscribes to the KV events of all replicas that have any, as soon as a replica's model is known:
 * vLLM's over ZMQ ({@link EventListener}), TensorRT-LLM's by polling ({@link EventPoller}). Events
 * go from there through an {@link EventStream} and an {@link EventView} to the index; {@link
 * LateEventGate} drops those that arrive after their subscription has ended. {@link KnowledgeCheck}
 * decides whether events are trusted. Thread-safe.
 */
public final class KvEventFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KvEventFeed.class);

  /**
   * The subscription to one replica.
   *
   * @param restarts the replica's restarts that the subscription knows of
   * @param model the base model's first name
   * @param cache the name of the model's cache, under which blocks are entered
   * @param gate drops events that arrive after the subscription has ended
   */
  private record Subscription(
      int restarts,
      FeedSource source,
      String model,
      String cache,
      LateEventGate gate,
      ReplicaKnowledge state) {

    boolean isOf(FeedSource now, String modelNow, String cacheNow) {
      return source.equals(now) && model.equals(modelNow) && cache.equals(cacheNow);
    }

    Subscription restarted(int now) {
      return new Subscription(now, source, model, cache, gate, state);
    }
  }

  private final FleetRouter router;
  private final KeySpace keySpace;
  private final boolean discover;
  private final KnowledgeCheck knowledge;
  private final Function<ReplicaId, EventObserver> observers;
  private final EventListener listener;
  private final EventPoller poller;

  /** This map and the next two are used by the fleet's listeners only, one call at a time. */
  private final Map<ReplicaId, Subscription> subscriptions = new HashMap<>();

  private final Map<ReplicaId, EventObserver> observerOf = new HashMap<>();
  private final PartGuards<ReplicaId> guardOf;

  /**
   * A feed that follows the fleet from now on.
   *
   * @param discover whether to use events that the engine offers and the configuration does not
   *     name
   * @param observers creates the observer of a replica's events
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
    this.guardOf = guards.parts("kv-event-sources");
    this.listener = new EventListener(System::nanoTime, guards);
    this.poller = new EventPoller(guards);
    fleet.listen(this::follow);
  }

  /** The state of a replica's event stream, null if there is no subscription to it. */
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
      guardOf.of(view.id()).run(() -> follow(view, snapshot.cacheNames()));
    }
    if (guardOf.size() > snapshot.replicas().size()) {
      guardOf.retainIf(id -> snapshot.replica(id) != null);
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

  /** Ends the subscription if the engine no longer names a source, as after a restart. */
  private void follow(ReplicaView view, CacheNames names) {
    FeedSource source = FeedSource.of(view, discover);
    ServedModel base = view.facts().base();
    if (source == null) {
      end(view.id());
    } else if (base != null) {
      follow(view, source, base.id(), names.of(base.id()));
    }
  }

  private void follow(ReplicaView view, FeedSource source, String model, String cache) {
    Subscription known = subscriptions.get(view.id());
    if (known != null && !known.isOf(source, model, cache)) {
      end(view.id());
      known = null;
    }
    if (known == null) {
      LateEventGate gate =
          new LateEventGate(new IndexTarget(router, keySpace, knowledge, view.id(), model));
      ReplicaKnowledge state = knowledge.of(view.id());
      subscriptions.put(
          view.id(), new Subscription(view.restarts(), source, model, cache, gate, state));
      router.startEvents(view.id());
      state.subscribed();
      subscribe(view, source, gate, observerOf.computeIfAbsent(view.id(), observers));
    } else if (known.restarts() != view.restarts()) {
      processRestarted(view, known);
    }
  }

  private void processRestarted(ReplicaView view, Subscription known) {
    ReplicaKnowledge state = known.state();
    subscriptions.put(view.id(), known.restarted(view.restarts()));
    state.awaitNewProcess();
    Runnable done = state::newProcessReached;
    switch (known.source()) {
      case FeedSource.Published published ->
          listener.processRestarted(view.id(), view.facts().startedAtSeconds(), done);
      case FeedSource.Polled polled -> poller.processRestarted(view.id(), done);
    }
  }

  private void end(ReplicaId id) {
    Subscription known = subscriptions.remove(id);
    if (known != null) {
      log.info("replica {}: no longer listening to its KV events", id);
      known.gate().end();
      unsubscribe(id, known.source());
      known.state().unsubscribed();
      router.stopEvents(id);
    }
  }

  private void subscribe(
      ReplicaView view, FeedSource source, EventTarget target, EventObserver observer) {
    switch (source) {
      case FeedSource.Published(List < EventEndpoint > endpoints) -> {
        log.info(
            "replica {}: listening to its KV events at {}",
            view.id(),
            endpoints.stream().map(EventEndpoint::live).toList());
        listener.subscribe(new EventSource(view.id(), endpoints), target, observer);
      }
      case FeedSource.Polled() -> {
        log.info("replica {}: polling its KV events", view.id());
        poller.subscribe(
            view.id(), view.replica().url(), view.facts().blockSize(), target, observer);
      }
    }
  }

  private void unsubscribe(ReplicaId id, FeedSource source) {
    switch (source) {
      case FeedSource.Published published -> listener.unsubscribe(id);
      case FeedSource.Polled polled -> poller.unsubscribe(id);
    }
  }
}
