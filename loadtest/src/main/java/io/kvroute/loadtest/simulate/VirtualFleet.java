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
 * Replicas and their router on one simulated clock. The router's production code makes the
 * decisions. Engine models replace the network: they deliver tokens, ends of answers, load reports
 * and KV events. The same traffic and seed give bit-identical results. Not thread-safe.
 */
public final class VirtualFleet {

  private static final String MODEL = "model";
  private static final KeySpace KEYS = new KeySpace(3);
  private static final long ROOT = KEYS.tokenRoot(MODEL, null);

  /** Time between two load reports of a replica. */
  private static final double SCRAPE_SECONDS = 1;

  /** Time after which the router retries a request that no replica could take. */
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
   * @param options the router's options, including the policy
   * @param seed of the random numbers that break the router's ties and make the engines' noise
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

  /** The router, for its statistics. */
  public FleetRouter router() {
    return router;
  }

  Knowledge knowledge() {
    return knowledge;
  }

  /** A new source of random numbers for noise; the fleet's seed decides it. */
  public SplittableRandom noise() {
    return noises.split();
  }

  /** A new machine with so many cores, on which engines can run. */
  public Host host(double cores) {
    return new Host(clock, cores);
  }

  /**
   * Runs the process of all clients on a machine.
   *
   * @param requestNanos CPU time to send a request
   * @param chunkNanos CPU time to read one token of an answer
   */
  public void clientsOn(Host host, double requestNanos, double chunkNanos) {
    clients = new Clients(new EventLoop(host), requestNanos, chunkNanos);
  }

  Clients clients() {
    return clients;
  }

  /** Adds an engine without noise, on a machine of its own. */
  public VirtualReplica join(EngineProfile profile) {
    return join(profile, Noise.NONE, host(1));
  }

  /** Starts an engine on a machine. The router knows it at once and sends it requests. */
  public VirtualReplica join(EngineProfile profile, Noise noise, Host host) {
    int number = replicas.size();
    Replica replica =
        fleet.add(ReplicaSpec.at(URI.create("http://replica-" + number + ".test:8000")));
    VirtualEventFeed events =
        knowledge == Knowledge.EVENTS ? new VirtualEventFeed(router, replica.id(), ROOT) : null;
    VirtualReplica joined =
        new VirtualReplica(number, replica, profile, noise, host, clock, noise(), events);
    replicas.add(joined);
    byId.put(replica.id(), joined);
    reportUp(joined);
    clock.every(SCRAPE_SECONDS, SCRAPE_SECONDS * phase(number), () -> scrape(joined));
    return joined;
  }

  /**
   * Spreads the replicas' load reports evenly over the period, by multiples of the golden ratio.
   */
  private static double phase(int number) {
    double turns = number * 0.6180339887498949;
    return turns - Math.floor(turns);
  }

  /** All replicas, in the order in which they joined. */
  public List<VirtualReplica> replicas() {
    return Collections.unmodifiableList(replicas);
  }

  /** Kills a replica's process, and starts it after some time with an empty cache. */
  public void restart(VirtualReplica replica, double downSeconds) {
    clock.afterSeconds(
        downSeconds,
        () -> {
          replica.start();
          reportUp(replica);
        });
    replica.die();
  }

  /** Removes a replica: it gets no new requests, and its running requests continue. */
  public void remove(VirtualReplica replica) {
    fleet.remove(replica.replica().id());
  }

  private void reportUp(VirtualReplica started) {
    ReplicaId id = started.replica().id();
    EngineProfile profile = started.profile();
    fleet.report(
        id,
        new EngineFacts(
            EngineKind.VLLM,
            List.of(new ServedModel(MODEL, null, null, profile.maxModelTokens())),
            profile.blockSize(),
            profile.blocks(),
            started.starts()));
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
   * Sends a request from a client.
   *
   * @param onEnd called when the client has the whole answer
   * @return disconnects the client when run
   */
  public Runnable send(VirtualRequest request, Runnable onEnd) {
    PromptKeys keys = PromptKeys.of(PromptMode.TOKENS, ROOT, request.ids(), request.promptTokens());
    VirtualExchange exchange = new VirtualExchange(this, sent++, request, keys, onEnd);
    clients.request(exchange::send);
    return exchange::leave;
  }

  /** Routes a request, for the first time or after a failure. */
  void dispatch(VirtualExchange exchange) {
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

  /** A client that was refused asks again with a new request, which any replica may be sent. */
  private void retryLater(VirtualExchange exchange) {
    exchange.failed().clear();
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

  /** Runs the simulation until every request is answered. Returns the answers in their order. */
  public List<Answered> run() {
    clock.run();
    return Collections.unmodifiableList(answered);
  }
}
