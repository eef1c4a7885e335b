package io.kvroute.loadtest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.simulate.Answered;
import io.kvroute.loadtest.simulate.Knowledge;
import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.loadtest.simulate.VirtualReplica;
import io.kvroute.loadtest.simulate.VirtualRequest;
import io.kvroute.router.route.RouterOptions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests that kv-aware spreads work over equal replicas evenly, steadily and without repeats. */
final class SpreadTest {

  private static final EngineProfile PROFILE = EngineProfile.qwen3OnL4().withBlocks(4096, 16);

  private static VirtualFleet fleet(int replicas, Knowledge knowledge) {
    VirtualFleet fleet = new VirtualFleet(RouterOptions.DEFAULTS, knowledge, 3);
    IntStream.range(0, replicas).forEach(i -> fleet.join(PROFILE));
    return fleet;
  }

  private static long[] perReplica(List<Answered> answered, int replicas) {
    long[] counts = new long[replicas];
    answered.forEach(one -> counts[one.replica()]++);
    return counts;
  }

  @Test
  void coldTrafficSpreadsEvenlyThoughLearnedRatesDifferByNoise() {
    VirtualFleet fleet = fleet(8, Knowledge.COUNTS);
    new ColdPrompts(1600, 8, new IntRange(300, 3000), new IntRange(20, 200))
        .play(fleet, new SplittableRandom(2));
    long[] counts = perReplica(fleet.run(), 8);
    assertThat(Arrays.stream(counts)).allMatch(n -> n > 170 && n < 230);
  }

  @Test
  void sparseColdTrafficSpreadsEvenlyToo() {
    VirtualFleet fleet = fleet(8, Knowledge.COUNTS);
    new ColdPrompts(800, 0.5, new IntRange(300, 3000), new IntRange(20, 200))
        .play(fleet, new SplittableRandom(2));
    long[] counts = perReplica(fleet.run(), 8);
    assertThat(Arrays.stream(counts)).allMatch(n -> n > 70 && n < 130);
  }

  /** Doubles the load for half a minute; in no time window may a replica be overloaded or idle. */
  @Test
  void nothingOscillatesWhenLoadShifts() {
    VirtualFleet fleet = fleet(6, Knowledge.COUNTS);
    SplittableRandom random = new SplittableRandom(4);
    IntRange prompts = new IntRange(500, 2500);
    IntRange answers = new IntRange(50, 150);
    new ColdPrompts(600, 5, prompts, answers).play(fleet, random.split());
    fleet
        .clock()
        .afterSeconds(
            40, () -> new ColdPrompts(150, 5, prompts, answers).play(fleet, random.split()));
    List<Answered> answered = fleet.run();
    int windowSeconds = 10;
    int windows = 11;
    long[][] counts = new long[windows][6];
    for (Answered one : answered) {
      int window = (int) (one.sentNanos() / (windowSeconds * 1_000_000_000L));
      if (window < windows) {
        counts[window][one.replica()]++;
      }
    }
    for (long[] window : counts) {
      double fair = Arrays.stream(window).sum() / 6.0;
      assertThat(Arrays.stream(window)).allMatch(n -> n >= fair / 3 && n <= 2 * fair);
    }
  }

  @ParameterizedTest
  @EnumSource(Knowledge.class)
  void aBurstOfSiblingsIsNeitherPrefilledEverywhereNorQueuedOnOneReplica(Knowledge knowledge) {
    VirtualFleet fleet = fleet(8, knowledge);
    SplittableRandom random = new SplittableRandom(5);
    int[] prompt = RandomTokens.draw(random, 6000);
    fleet
        .clock()
        .afterSeconds(
            1,
            () -> {
              for (int i = 0; i < 32; i++) {
                int[] ids = RandomTokens.extend(prompt, random, 100);
                fleet.send(new VirtualRequest(ids, prompt.length, null), () -> {});
              }
            });
    List<Answered> answered = fleet.run();
    long prefilled =
        fleet.replicas().stream()
            .map(VirtualReplica::stats)
            .mapToLong(stats -> stats.tokens().prompt() - stats.tokens().cachedPrompt())
            .sum();
    assertThat(answered).hasSize(32);
    assertThat(prefilled).isLessThan(8 * 7000L);
    double alone = soloSeconds(prompt);
    assertThat(answered).allMatch(one -> one.ttftNanos() * 1e-9 < 1.5 * alone);
  }

  @Test
  void siblingsGoElsewhereOnceTheirReplicaIsBusyLongerThanAPrefillTakes() {
    VirtualFleet fleet = fleet(4, Knowledge.COUNTS);
    SplittableRandom random = new SplittableRandom(5);
    int[] shared = RandomTokens.draw(random, 2000);
    fleet
        .clock()
        .afterSeconds(
            1,
            () -> {
              for (int i = 0; i < 32; i++) {
                int[] ids = RandomTokens.extend(shared, random, 1100);
                fleet.send(new VirtualRequest(ids, 3000, null), () -> {});
              }
            });
    long[] counts = perReplica(fleet.run(), 4);
    assertThat(Arrays.stream(counts)).allMatch(n -> n >= 6 && n <= 10);
  }

  private static double soloSeconds(int[] prompt) {
    VirtualFleet fleet = fleet(1, Knowledge.COUNTS);
    int[] ids = Arrays.copyOf(prompt, prompt.length + 1);
    fleet.send(new VirtualRequest(ids, prompt.length, null), () -> {});
    return fleet.run().getFirst().ttftNanos() * 1e-9;
  }
}
