package io.kvroute.router.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Replicas that are up, a router over them, and a clock that tests move. */
final class TestFleet {

  static final String MODEL = "m";
  private static final KeySpace SPACE = new KeySpace(3);

  final Fleet fleet = new Fleet();
  final List<Replica> replicas = new ArrayList<>();
  final FleetRouter router;
  long nowNanos = 1_000_000_000L;

  TestFleet(int count, String policy, long seed) {
    for (int i = 0; i < count; i++) {
      join(1);
    }
    router =
        new FleetRouter(
            fleet,
            RouterOptions.DEFAULTS.withPolicy(policy),
            RouteObserver.NONE,
            () -> nowNanos,
            new SplittableRandom(seed));
  }

  Replica join(int weight) {
    URI url = URI.create("http://10.0.0." + (replicas.size() + 1) + ":8000");
    Replica replica = fleet.add(new ReplicaSpec(url, EngineKind.VLLM, null, null, weight));
    fleet.report(replica.id(), facts(1));
    fleet.up(replica.id());
    replicas.add(replica);
    return replica;
  }

  static EngineFacts facts(double startedAtSeconds) {
    return facts(startedAtSeconds, MODEL);
  }

  static EngineFacts facts(double startedAtSeconds, String... models) {
    List<ServedModel> served = new ArrayList<>();
    for (String model : models) {
      served.add(new ServedModel(model, null, null, 0));
    }
    return new EngineFacts(EngineKind.VLLM, served, 16, 4096, startedAtSeconds);
  }

  /** The facts of an engine with another cache than {@link #facts(double)}. */
  static EngineFacts facts(int blockSize, int numBlocks) {
    List<ServedModel> served = List.of(new ServedModel(MODEL, null, null, 0));
    return new EngineFacts(EngineKind.VLLM, served, blockSize, numBlocks, 1);
  }

  void passMillis(long millis) {
    nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** A prompt of random ids; equal seeds give equal prefixes. */
  static PromptKeys prompt(long seed, int tokens) {
    return PromptKeys.of(
        PromptMode.TOKENS,
        SPACE.tokenRoot(MODEL, null),
        new SplittableRandom(seed).ints(tokens).toArray(),
        tokens);
  }

  /** A prompt that begins with another and continues with random ids. */
  static PromptKeys extended(PromptKeys prefix, long seed, int tokens) {
    int[] more = new SplittableRandom(seed).ints(tokens).toArray();
    return prefix.followedBy(more, tokens);
  }

  static RouteQuery query(PromptKeys prompt) {
    return query(prompt, Set.of());
  }

  static RouteQuery query(PromptKeys prompt, @Nullable String session) {
    return new RouteQuery(MODEL, prompt, session, 1, Set.of());
  }

  static RouteQuery query(PromptKeys prompt, Set<ReplicaId> avoid) {
    return new RouteQuery(MODEL, prompt, null, 1, avoid);
  }

  Reservation send(PromptKeys prompt) {
    return send(query(prompt));
  }

  Reservation send(RouteQuery query) {
    return ((Decision.Reserved) router.route(query)).reservation();
  }

  /** Serves a request whose first token, and end, come after {@code millis}. */
  Reservation serve(PromptKeys prompt, long millis) {
    Reservation reservation = send(prompt);
    passMillis(millis);
    reservation.firstToken();
    reservation.close(completed(prompt.tokens()));
    return reservation;
  }

  /** A request whose answer is not streamed. */
  static RouteQuery unstreamed(PromptKeys prompt) {
    return new RouteQuery(MODEL, prompt, null, 1, Set.of(), false);
  }

  static Outcome completed(int promptTokens) {
    return new Outcome.Completed(promptTokens, 1, -1, new Outcome.Answer.Unknown());
  }

  ReplicaStats stats(Replica replica) {
    ReplicaStats stats = router.stats(replica.id());
    if (stats == null) {
      throw new AssertionError("no figures for " + replica);
    }
    return stats;
  }

  /** The figures of all replicas in the fleet. */
  List<ReplicaStats> allStats() {
    List<ReplicaStats> all = new ArrayList<>();
    fleet.snapshot().replicas().forEach(view -> all.add(stats(view.replica())));
    return all;
  }

  void assertNothingIsReserved() {
    assertThat(allStats())
        .allSatisfy(
            stats -> {
              assertThat(stats.inflight()).isZero();
              assertThat(stats.queuedPrefillTokens()).isZero();
            });
  }
}
