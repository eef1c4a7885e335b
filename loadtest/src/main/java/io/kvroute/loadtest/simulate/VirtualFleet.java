package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineStats;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.route.RouteObserver;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.route.RouterOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Replicas and the router over them, on one simulated clock. The decisions are made by the very
 * code that serves; what the network would bring it (tokens, ends, load reports, events) comes from
 * engine models. The same traffic and seed give the same results to the bit. Not thread-safe.
 */
public final class VirtualFleet {

  private static final String MODEL = "model";
  private static final KeySpace KEYS = new KeySpace(3);
  private static final long ROOT = KEYS.tokenRoot(MODEL, null);

  /** How often replicas are asked for their load. */
  private static final double SCRAPE_SECONDS = 1;

  /** How long a request that no replica can take waits before it is tried again. */
  private static final double RETRY_SECONDS = 0.1;

  private final VirtualClock clock = new VirtualClock();
  private final Fleet fleet = new Fleet();
  private final List<VirtualReplica> replicas = new ArrayList<>();
  private final Map<ReplicaId, VirtualReplica> byId = new HashMap<>();
  private final List<Answered> answered = new ArrayList<>();
  private final Knowledge knowledge;
  private final FleetRouter router;
  private final SplittableRandom noises;
  private Clients clients = new Clients(new EventLoop(host(1)), 0, 0);
  private long sent;

  /**
   * A fleet with no replica yet.
   *
   * @param options the policy among them
   * @param seed breaks the router's ties, and decides the engines' noise
   */
  public VirtualFleet(RouterOptions options, Knowledge knowledge, long seed) {
    this.knowledge = knowledge;
    this.router =
        new FleetRouter(fleet, options, RouteObserver.NONE, clock, new SplittableRandom(seed));
    this.noises = new SplittableRandom(~seed);
  }

  public VirtualClock clock() {
    return clock;
  }

  /** The router, for what it tells of itself. */
  public FleetRouter router() {
    return router;
  }

  Knowledge knowledge() {
    return knowledge;
  }

  /** A source of chance that the fleet's seed decides, for what disturbs engines. */
  public SplittableRandom noise() {
    return noises.split();
  }

  /** A machine with so many cores for the engines on it. */
  public Host host(double cores) {
    return new Host(clock, cores);
  }

  /**
   * Puts the process that all clients are in on a machine.
   *
   * @param requestNanos its work to send a request
   * @param chunkNanos its work to read a token of an answer
   */
  public void clientsOn(Host host, double requestNanos, double chunkNanos) {
    clients = new Clients(new EventLoop(host), requestNanos, chunkNanos);
  }

  Clients clients() {
    return clients;
  }

  /** An engine without noise joins, on a machine of its own. */
  public VirtualReplica join(EngineProfile profile) {
    return join(profile, Noise.NONE, host(1));
  }

  /** An engine starts on a machine, is found, and gets requests from now on. */
  public VirtualReplica join(EngineProfile profile, Noise noise, Host host) {
    int number = replicas.size();
    Replica replica =
        fleet.add(ReplicaSpec.at(URI.create("http://replica-" + number + ".test:8000")));
    EventFeed events =
        knowledge == Knowledge.EVENTS ? new EventFeed(router, replica.id(), ROOT) : null;
    VirtualReplica joined =
        new VirtualReplica(number, replica, profile, noise, host, clock, noise(), events);
    replicas.add(joined);
    byId.put(replica.id(), joined);
    found(joined);
    clock.every(SCRAPE_SECONDS, SCRAPE_SECONDS * phase(number), () -> scrape(joined));
    return joined;
  }

  /** Spreads replicas' scrapes over the period: the golden ratio's multiples fill it evenly. */
  private static double phase(int number) {
    double turns = number * 0.6180339887498949;
    return turns - Math.floor(turns);
  }

  /** All that joined, in that order. */
  public List<VirtualReplica> replicas() {
    return Collections.unmodifiableList(replicas);
  }

  /** The process of a replica dies, and is there again after a while with an empty cache. */
  public void restart(VirtualReplica replica, double downSeconds) {
    clock.afterSeconds(
        downSeconds,
        () -> {
          replica.start();
          found(replica);
        });
    replica.die();
  }

  /** The replica takes no new requests from now on; what it has runs on. */
  public void remove(VirtualReplica replica) {
    fleet.remove(replica.replica().id());
  }

  private void found(VirtualReplica found) {
    ReplicaId id = found.replica().id();
    EngineProfile profile = found.profile();
    fleet.report(
        id,
        new EngineFacts(
            EngineKind.VLLM,
            List.of(new ServedModel(MODEL, null, null, profile.maxModelTokens())),
            profile.blockSize(),
            profile.blocks(),
            found.starts()));
    fleet.up(id);
  }

  private void scrape(VirtualReplica replica) {
    if (replica.isUp()) {
      EngineStats stats = replica.stats();
      fleet.report(
          replica.replica().id(), new EngineLoad(stats.running(), stats.waiting(), stats.usage()));
    }
  }

  /**
   * A client sends a request now.
   *
   * @param onEnd what follows its whole answer
   * @return makes the client leave
   */
  public Runnable send(VirtualRequest request, Runnable onEnd) {
    PromptKeys keys = PromptKeys.of(PromptMode.TOKENS, ROOT, request.ids(), request.promptTokens());
    Exchange exchange = new Exchange(this, sent++, request, keys, onEnd);
    clients.request(exchange::send);
    return exchange::leave;
  }

  /** Routes a request, again if it came back. */
  void dispatch(Exchange exchange) {
    RouteQuery query =
        new RouteQuery(
            MODEL,
            exchange.keys(),
            exchange.request().session(),
            1,
            exchange.failed().stream()
                .map(replica -> replica.replica().id())
                .collect(Collectors.toUnmodifiableSet()));
    switch (router.route(query)) {
      case Decision.Reserved reserved -> {
        Reservation reservation = reserved.reservation();
        VirtualReplica target = Objects.requireNonNull(byId.get(reservation.replica().id()));
        exchange.go(reservation, target);
      }
      case Decision.NoneReady none -> retryLater(exchange);
      case Decision.UnknownModel unknown -> retryLater(exchange);
    }
  }

  private void retryLater(Exchange exchange) {
    clock.afterSeconds(
        RETRY_SECONDS,
        () -> {
          if (!exchange.isGone()) {
            dispatch(exchange);
          }
        });
  }

  void answered(Answered answer) {
    answered.add(answer);
  }

  /** Lets time pass until all that was sent is answered; what was answered, in that order. */
  public List<Answered> run() {
    clock.run();
    return Collections.unmodifiableList(answered);
  }
}
