package io.kvroute.router.route;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.index.KeySpace;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The router over small engines, all under one virtual clock, with what clients saw of it. */
final class VirtualFleet {

  static final String MODEL = "m";
  private static final long ROOT = new KeySpace(3).tokenRoot(MODEL, null);
  private static final double SCRAPE_SECONDS = 1;

  private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /** A replica as the router knows it and the engine behind it. */
  static final class Node {
    final Replica replica;
    final VirtualReplica engine;
    final int blocks;
    int sent;
    boolean stepping;
    double startedAt = 1;

    Node(Replica replica, VirtualReplica engine, int blocks) {
      this.replica = replica;
      this.engine = engine;
      this.blocks = blocks;
    }
  }

  final Fleet fleet = new Fleet();
  final FleetRouter router;
  final List<Node> nodes = new ArrayList<>();
  final List<Double> ttfts = new ArrayList<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long eventsMade;
  private long nowNanos;

  VirtualFleet(String policy, long seed) {
    router =
        new FleetRouter(
            fleet,
            RouterOptions.DEFAULTS.withPolicy(policy),
            RouteObserver.NONE,
            () -> nowNanos,
            new SplittableRandom(seed));
  }

  Node join(double secondsPerToken, int blocks) {
    URI url = URI.create("http://replica-" + nodes.size() + ":8000");
    Replica replica = fleet.add(ReplicaSpec.at(url));
    Node node = new Node(replica, new VirtualReplica(secondsPerToken, blocks), blocks);
    nodes.add(node);
    reportFacts(node);
    fleet.up(replica.id());
    scrape(node);
    return node;
  }

  /** The engine starts again: its cache is empty, what ran there failed and goes elsewhere. */
  void restart(Node node) {
    List<VirtualReplica.Job> lost = node.engine.restart();
    node.startedAt++;
    reportFacts(node);
    lost.forEach(job -> job.onLost.run());
  }

  private void reportFacts(Node node) {
    fleet.report(
        node.replica.id(),
        new EngineFacts(
            EngineKind.VLLM,
            List.of(new ServedModel(MODEL, null, null, 0)),
            VirtualReplica.BLOCK_SIZE,
            node.blocks + 1,
            node.startedAt));
  }

  private void scrape(Node node) {
    fleet.report(
        node.replica.id(),
        new EngineLoad(node.engine.runningSequences(), node.engine.waitingRequests(), 0));
    if (!events.isEmpty()) {
      after(SCRAPE_SECONDS, () -> scrape(node));
    }
  }

  double nowSeconds() {
    return nowNanos * 1e-9;
  }

  void after(double seconds, Runnable action) {
    events.add(new Event(nowNanos + (long) (seconds * 1e9), eventsMade++, action));
  }

  /** Runs until nothing is left to happen. */
  void run() {
    nodes.forEach(this::scrape);
    for (Event event = events.poll(); event != null; event = events.poll()) {
      nowNanos = event.nanos;
      event.action.run();
    }
  }

  static PromptKeys keys(int[] ids, int count) {
    return PromptKeys.of(Rung.TOKENS, ROOT, ids, count);
  }

  /** Sends a request whose answer will be what follows the prompt in {@code ids}. */
  void send(int[] ids, int promptTokens, @Nullable String session, Runnable onEnd) {
    send(ids, promptTokens, session, onEnd, nowSeconds());
  }

  private void send(
      int[] ids, int promptTokens, @Nullable String session, Runnable onEnd, double sentSeconds) {
    PromptKeys prompt = keys(ids, promptTokens);
    RouteQuery query = new RouteQuery(MODEL, prompt, session, 0, 1, Set.of());
    Ticket ticket = ((Decision.Go) router.route(query)).ticket();
    Node node = nodes.get(ticket.replica().slot());
    node.sent++;
    int[] answer = Arrays.copyOfRange(ids, promptTokens, ids.length);
    VirtualReplica.Job job =
        new VirtualReplica.Job(
            keys(ids, ids.length),
            promptTokens,
            first -> {
              ttfts.add(nowSeconds() - sentSeconds);
              ticket.firstToken();
            },
            ended -> {
              ticket.generated(answer.length);
              ticket.close(
                  new Outcome.Completed(
                      promptTokens, answer.length, -1, new Outcome.Answer.Ids(answer)));
              onEnd.run();
            },
            () -> {
              ticket.close(new Outcome.ReplicaFailed("connection-lost"));
              send(ids, promptTokens, session, onEnd, sentSeconds);
            });
    node.engine.submit(job);
    if (!node.stepping) {
      step(node);
    }
  }

  private void step(Node node) {
    node.stepping = !node.engine.isIdle();
    if (node.stepping) {
      after(
          node.engine.step(),
          () -> {
            node.engine.stepDone();
            step(node);
          });
    }
  }

  double meanTtft() {
    return ttfts.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  double ttft(double quantile) {
    double[] sorted = ttfts.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
  }

  /** Share of prompt tokens that engines found in their caches. */
  double hitRate() {
    long asked = nodes.stream().mapToLong(node -> node.engine.askedTokens).sum();
    long prefilled = nodes.stream().mapToLong(node -> node.engine.prefilledTokens).sum();
    return 1 - (double) prefilled / asked;
  }
}
