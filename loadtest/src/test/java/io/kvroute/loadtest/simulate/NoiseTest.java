package io.kvroute.loadtest.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.router.route.RouterOptions;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** Tests the effect of noise on an engine, and that it is repeatable. */
final class NoiseTest {

  private static final EngineProfile TINY = EngineProfile.tinyOnCpu();
  private static final Noise SCATTER = noise(new Noise.Scatter(0.4, 0), Noise.NONE.pauses());
  private static final Noise PAUSES = noise(Noise.NONE.scatter(), new Noise.Pauses(2, 50e6));

  private static Noise noise(Noise.Scatter scatter, Noise.Pauses pauses) {
    return new Noise(Noise.NONE.engine(), Noise.NONE.server(), scatter, pauses);
  }

  private static VirtualFleet fleet(long seed) {
    return new VirtualFleet(
        RouterOptions.DEFAULTS.withPolicy("round-robin"), Knowledge.COUNTS, seed);
  }

  /** Sends two requests of 500 tokens every 100 ms. */
  private static List<Answered> play(VirtualFleet fleet) {
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 100; i++) {
      int[] ids = random.ints(516, 0, 100_000).toArray();
      fleet
          .clock()
          .afterSeconds(
              0.05 * (i - i % 2), () -> fleet.send(new VirtualRequest(ids, 500, null), () -> {}));
    }
    return fleet.run();
  }

  private static List<Answered> noisy(long seed, double cores) {
    VirtualFleet fleet = fleet(seed);
    Host host = fleet.host(cores);
    fleet.join(TINY, Noise.TINY_ON_CPU, host);
    fleet.join(TINY, Noise.TINY_ON_CPU, host);
    return play(fleet);
  }

  private static double meanMillis(List<Answered> answered) {
    return answered.stream().mapToLong(Answered::ttftNanos).average().orElseThrow() / 1e6;
  }

  @Test
  void theSameSeedGivesTheSameTimesToTheBitAndAnotherSeedOthers() {
    assertThat(noisy(1, 2)).hasSize(100).isEqualTo(noisy(1, 2));
    assertThat(noisy(2, 2)).hasSize(100).isNotEqualTo(noisy(1, 2));
  }

  @Test
  void anEngineHasNoNoiseUnlessToldOtherwise() {
    VirtualFleet plain = fleet(1);
    plain.join(TINY);
    VirtualFleet other = fleet(2);
    other.join(TINY, Noise.NONE, other.host(1));
    assertThat(play(plain)).isEqualTo(play(other));
  }

  @Test
  void enginesOnOneMachineSlowEachOther() {
    assertThat(meanMillis(noisy(1, 1))).isGreaterThan(1.3 * meanMillis(noisy(1, 8)));
  }

  @Test
  void stepsScatterAboutTheSameMeanWithAHeavyTail() {
    SplittableRandom random = new SplittableRandom(5);
    double[] steps = DoubleStream.generate(() -> SCATTER.step(10, random)).limit(20_000).toArray();
    assertThat(Arrays.stream(steps).average().orElseThrow()).isCloseTo(10, within(0.1));
    Arrays.sort(steps);
    double median = steps[10_000];
    assertThat(steps[19_800] - median).isGreaterThan(2 * (median - steps[200]));
  }

  @Test
  void pausesComeAsOftenAsTold() {
    SplittableRandom random = new SplittableRandom(5);
    double[] steps = DoubleStream.generate(() -> PAUSES.step(10e6, random)).limit(50_000).toArray();
    assertThat(Arrays.stream(steps).filter(nanos -> nanos > 10e6).count()).isBetween(900L, 1_100L);
    assertThat(Arrays.stream(steps).average().orElseThrow()).isCloseTo(11e6, within(0.1e6));
  }

  @Test
  void aFirstTokenWaitsBehindTheRequestsThatQueueAtTheApiServer() {
    VirtualFleet fleet = fleet(1);
    Noise slowServer =
        new Noise(
            Noise.NONE.engine(),
            new Noise.ApiServer(0, 100e6, 0, 1e6),
            Noise.NONE.scatter(),
            Noise.NONE.pauses());
    fleet.join(TINY, slowServer, fleet.host(8));
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < 3; i++) {
      fleet.send(new VirtualRequest(random.ints(101, 0, 100_000).toArray(), 100, null), () -> {});
    }
    List<Answered> answered = fleet.run();
    assertThat(answered)
        .extracting(one -> one.ttftNanos() / 100_000_000)
        .containsExactly(3L, 3L, 3L);
  }

  private static long ttftNanosOfOneRequest(double clientRequestNanos, double clientChunkNanos) {
    VirtualFleet fleet = fleet(1);
    fleet.join(TINY);
    fleet.clientsOn(fleet.host(1), clientRequestNanos, clientChunkNanos);
    fleet.send(new VirtualRequest(new int[116], 100, null), () -> {});
    return fleet.run().getFirst().ttftNanos();
  }

  @Test
  void clientsTakeTimeToSendARequestAndToReadAToken() {
    assertThat(ttftNanosOfOneRequest(5e6, 1e6)).isEqualTo(ttftNanosOfOneRequest(0, 0) + 6_000_000);
  }
}
