package io.kvroute.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvroute.loadtest.engine.EngineListener;
import io.kvroute.loadtest.engine.EngineModel;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.router.route.Policies;
import io.kvroute.router.route.ReplicaStats;
import io.kvroute.router.route.RouterOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that the simulation is repeatable, true to the engine model, and loses no request. */
final class VirtualFleetTest {

  private static final EngineProfile PROFILE = EngineProfile.qwen3OnL4().withBlocks(1000, 16);

  static List<String> policies() {
    return Policies.NAMES;
  }

  private static VirtualFleet fleet(int replicas, String policy, Knowledge knowledge) {
    VirtualFleet fleet = new VirtualFleet(RouterOptions.DEFAULTS.withPolicy(policy), knowledge, 5);
    IntStream.range(0, replicas).forEach(i -> fleet.join(PROFILE));
    return fleet;
  }

  private static VirtualRequest request(SplittableRandom random, int[] shared) {
    int own = random.nextInt(1, 900);
    int answer = random.nextInt(1, 60);
    int[] ids = Arrays.copyOf(shared, shared.length + own + answer);
    for (int i = shared.length; i < ids.length; i++) {
      ids[i] = random.nextInt(100_000);
    }
    return new VirtualRequest(ids, shared.length + own, "s" + random.nextInt(20));
  }

  /** Sends requests at random times; a third of them share a prefix. */
  private static void send(VirtualFleet fleet, int requests, double perSecond) {
    SplittableRandom random = new SplittableRandom(9);
    int[] shared = random.ints(1200, 0, 100_000).toArray();
    double at = 0;
    for (int i = 0; i < requests; i++) {
      VirtualRequest request = request(random, i % 3 == 0 ? shared : new int[0]);
      at -= Math.log(1 - random.nextDouble()) / perSecond;
      fleet.clock().afterSeconds(at, () -> fleet.send(request, () -> {}));
    }
  }

  private static void assertNothingIsLeft(VirtualFleet fleet) {
    for (VirtualReplica replica : fleet.replicas()) {
      ReplicaStats stats = Objects.requireNonNull(fleet.router().stats(replica.replica().id()));
      assertThat(stats.inflight()).isZero();
      assertThat(stats.queuedPrefillTokens()).isZero();
      assertThat(replica.stats().running() + replica.stats().waiting()).isZero();
      assertThat(replica.stats().blocks().used()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("policies")
  void theSameSeedGivesTheSameResultsToTheBit(String policy) {
    List<List<Answered>> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      VirtualFleet fleet = fleet(4, policy, Knowledge.COUNTS);
      send(fleet, 300, 8);
      runs.add(fleet.run());
    }
    assertThat(runs.getFirst()).hasSize(300).isEqualTo(runs.getLast());
  }

  @ParameterizedTest
  @EnumSource(Knowledge.class)
  void everyRequestIsAnsweredAndNoLoadIsLeft(Knowledge knowledge) {
    VirtualFleet fleet = fleet(3, "kv-aware", knowledge);
    send(fleet, 300, 6);
    assertThat(fleet.run()).hasSize(300);
    assertNothingIsLeft(fleet);
  }

  @Test
  void requestsOfAReplicaThatDiesAreAnsweredByOthersAndItIsUsedAgain() {
    VirtualFleet fleet = fleet(3, "round-robin", Knowledge.COUNTS);
    VirtualReplica dies = fleet.replicas().getFirst();
    send(fleet, 300, 6);
    fleet.clock().afterSeconds(15, () -> fleet.restart(dies, 10));
    List<Answered> answered = fleet.run();
    assertThat(answered).hasSize(300);
    assertThat(dies.stats().tokens().prompt()).isPositive();
    assertThat(answered)
        .filteredOn(one -> one.replica() == 0)
        .noneMatch(one -> one.sentNanos() > 15.1e9 && one.sentNanos() < 24.9e9);
    assertNothingIsLeft(fleet);
  }

  @Test
  void aFleetThatIsDownForAWhileAnswersAfterwards() {
    VirtualFleet fleet = fleet(1, "kv-aware", Knowledge.COUNTS);
    send(fleet, 40, 2);
    fleet.clock().afterSeconds(5, () -> fleet.restart(fleet.replicas().getFirst(), 10));
    assertThat(fleet.run()).hasSize(40);
    assertNothingIsLeft(fleet);
  }

  @Test
  void clientsThatLeaveFreeTheirPlaces() {
    VirtualFleet fleet = fleet(2, "kv-aware", Knowledge.COUNTS);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 60; i++) {
      VirtualRequest request = request(random, new int[0]);
      boolean leaves = i % 2 == 0;
      double patience = random.nextDouble() * 2;
      fleet
          .clock()
          .afterSeconds(
              i * 0.2,
              () -> {
                Runnable leave = fleet.send(request, () -> {});
                if (leaves) {
                  fleet.clock().afterSeconds(patience, leave);
                }
              });
    }
    assertThat(fleet.run()).hasSizeBetween(30, 59);
    assertNothingIsLeft(fleet);
  }

  @Test
  void whatEventsTellIsWhatTheEngineReuses() {
    VirtualFleet fleet = fleet(1, "kv-aware", Knowledge.EVENTS);
    SplittableRandom random = new SplittableRandom(4);
    int[] shared = random.ints(1200, 0, 100_000).toArray();
    for (int i = 0; i < 200; i++) {
      VirtualRequest request = request(random, i % 2 == 0 ? shared : new int[0]);
      fleet.clock().afterSeconds(i * 20.0, () -> fleet.send(request, () -> {}));
    }
    assertThat(fleet.run())
        .hasSize(200)
        .allMatch(one -> one.matchedTokens() == one.cachedTokens())
        .anyMatch(one -> one.cachedTokens() == 1200);
  }

  /** Drives one engine by hand in the same way as the simulation. */
  private static final class Alone implements EngineListener {
    final Map<Long, Long> firstNanos = new HashMap<>();
    final Map<Long, Integer> cached = new HashMap<>();

    @Override
    public void onToken(
        EngineRequest request,
        int token,
        int cachedTokens,
        @Nullable FinishReason finish,
        long atNanos) {
      firstNanos.putIfAbsent(request.id(), atNanos);
      cached.put(request.id(), cachedTokens);
    }
  }

  @Test
  void anEngineInAFleetOfOneDoesWhatItDoesAlone() {
    SplittableRandom random = new SplittableRandom(6);
    int[] shared = random.ints(1200, 0, 100_000).toArray();
    VirtualFleet fleet = fleet(1, "random", Knowledge.COUNTS);
    Alone alone = new Alone();
    EngineModel engine = new EngineModel(PROFILE, alone);
    long next = EngineModel.IDLE;
    Map<Long, Long> sentNanos = new HashMap<>();
    for (long id = 0; id < 200; id++) {
      VirtualRequest request = request(random, id % 2 == 0 ? shared : new int[0]);
      long now = id * 250_000_000L;
      sentNanos.put(id, now);
      fleet.clock().at(now, () -> fleet.send(request, () -> {}));
      while (next < now) {
        next = engine.advance(next);
      }
      int[] ids = request.ids();
      int promptTokens = request.promptTokens();
      engine.submit(
          new EngineRequest(
              id,
              Arrays.copyOf(ids, promptTokens),
              ids.length - promptTokens,
              index -> ids[promptTokens + index],
              -1,
              null));
      next = engine.advance(now);
    }
    while (next != EngineModel.IDLE) {
      next = engine.advance(next);
    }
    List<Answered> answered = fleet.run();
    assertThat(answered).hasSize(200);
    for (Answered one : answered) {
      long id = one.sentNanos() / 250_000_000L;
      long first = Objects.requireNonNull(alone.firstNanos.get(id));
      assertThat(one.ttftNanos()).isEqualTo(first - Objects.requireNonNull(sentNanos.get(id)));
      assertThat(one.cachedTokens()).isEqualTo(alone.cached.get(id));
    }
  }

  @Test
  void timeJumpsFromEventToEventAndBackgroundWorkAloneEndsTheRun() {
    VirtualClock clock = new VirtualClock();
    List<Double> seen = new ArrayList<>();
    clock.every(1, 0.5, () -> seen.add(-clock.nowSeconds()));
    clock.afterSeconds(2, () -> seen.add(clock.nowSeconds()));
    clock.afterSeconds(1, () -> seen.add(clock.nowSeconds()));
    clock.run();
    assertThat(seen).containsExactly(-0.5, 1.0, -1.5, 2.0);
    assertThat(clock.nowSeconds()).isEqualTo(2, within(1e-9));
  }
}
