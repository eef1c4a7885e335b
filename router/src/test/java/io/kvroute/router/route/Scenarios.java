package io.kvroute.router.route;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Traffic for a {@link VirtualFleet}, drawn from a seed. New work does not wait for old answers.
 */
final class Scenarios {

  /** About an 8B model on an L4 GPU. */
  static final double SECONDS_PER_TOKEN = 2e-4;

  static final Map<String, BiConsumer<VirtualFleet, Scenarios>> ALL = new LinkedHashMap<>();

  static {
    ALL.put("cold", (fleet, traffic) -> traffic.cold(fleet, 8));
    ALL.put("system prompts", (fleet, traffic) -> traffic.systemPrompts(fleet));
    ALL.put("best of 32", (fleet, traffic) -> traffic.bestOfN(fleet));
    ALL.put("conversations", (fleet, traffic) -> traffic.conversations(fleet, 8, 4096));
    ALL.put("little cache", (fleet, traffic) -> traffic.conversations(fleet, 8, 1536));
    ALL.put("one slow", (fleet, traffic) -> traffic.oneSlow(fleet));
    ALL.put("late joiner", (fleet, traffic) -> traffic.lateJoiner(fleet));
    ALL.put("restart", (fleet, traffic) -> traffic.restart(fleet));
  }

  private final SplittableRandom random;

  Scenarios(long seed) {
    this.random = new SplittableRandom(seed);
  }

  static VirtualFleet play(String scenario, String policy, long seed) {
    VirtualFleet fleet = new VirtualFleet(policy, seed);
    BiConsumer<VirtualFleet, Scenarios> play = ALL.get(scenario);
    if (play == null) {
      throw new IllegalArgumentException("scenario: " + scenario);
    }
    play.accept(fleet, new Scenarios(seed));
    fleet.run();
    return fleet;
  }

  private static void equal(VirtualFleet fleet, int count, int blocks) {
    IntStream.range(0, count).forEach(i -> fleet.join(SECONDS_PER_TOKEN, blocks));
  }

  private int between(int from, int to) {
    return random.nextInt(from, to + 1);
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, 1 << 17).toArray();
  }

  private static int[] join(int[]... parts) {
    return IntStream.range(0, parts.length)
        .mapToObj(i -> parts[i])
        .flatMapToInt(IntStream::of)
        .toArray();
  }

  private double exponential(double mean) {
    return -mean * Math.log(1 - random.nextDouble());
  }

  /** Has so many things happen at random times, so many a second on average. */
  private void poisson(VirtualFleet fleet, int count, double perSecond, IntConsumer happen) {
    double at = 0;
    for (int i = 0; i < count; i++) {
      at += exponential(1 / perSecond);
      int number = i;
      fleet.after(at, () -> happen.accept(number));
    }
  }

  private void cold(VirtualFleet fleet, int replicas) {
    equal(fleet, replicas, 4096);
    poisson(fleet, 200 * replicas, 1.4 * replicas, i -> sendCold(fleet));
  }

  private void sendCold(VirtualFleet fleet) {
    int prompt = between(500, 3000);
    fleet.send(tokens(prompt + between(50, 200)), prompt, null, () -> {});
  }

  /** Skewed: the first of 40 long system prompts has a quarter of the traffic. */
  private void systemPrompts(VirtualFleet fleet) {
    equal(fleet, 8, 2048);
    int[][] system = new int[40][];
    for (int i = 0; i < system.length; i++) {
      system[i] = tokens(between(1500, 3500));
    }
    double total = IntStream.rangeClosed(1, system.length).mapToDouble(i -> 1.0 / i).sum();
    poisson(
        fleet,
        2500,
        34,
        i -> {
          double at = random.nextDouble() * total;
          int chosen = 0;
          while (at > 1.0 / (chosen + 1) && chosen < system.length - 1) {
            at -= 1.0 / (chosen + 1);
            chosen++;
          }
          int[] user = tokens(between(50, 500));
          int prompt = system[chosen].length + user.length;
          fleet.send(join(system[chosen], user, tokens(between(50, 150))), prompt, null, () -> {});
        });
  }

  private void bestOfN(VirtualFleet fleet) {
    equal(fleet, 8, 4096);
    poisson(
        fleet,
        80,
        0.5,
        i -> {
          int[] prompt = tokens(between(2000, 8000));
          int siblings = between(8, 32);
          for (int n = 0; n < siblings; n++) {
            fleet.send(join(prompt, tokens(between(50, 200))), prompt.length, null, () -> {});
          }
        });
    poisson(fleet, 800, 5, i -> sendCold(fleet));
  }

  private void conversations(VirtualFleet fleet, int replicas, int blocks) {
    equal(fleet, replicas, blocks);
    talk(fleet, 260, 0.25 * replicas);
  }

  private void talk(VirtualFleet fleet, int conversations, double perSecond) {
    int[] system = tokens(400);
    poisson(
        fleet,
        conversations,
        perSecond,
        i -> turn(fleet, "s" + i, join(system, tokens(between(100, 2000))), between(3, 12)));
  }

  private void turn(VirtualFleet fleet, String session, int[] prompt, int turns) {
    int[] whole = join(prompt, tokens(between(50, 300)));
    fleet.send(
        whole,
        prompt.length,
        session,
        () -> {
          if (turns > 1) {
            fleet.after(
                exponential(8),
                () -> turn(fleet, session, join(whole, tokens(between(50, 600))), turns - 1));
          }
        });
  }

  private void oneSlow(VirtualFleet fleet) {
    equal(fleet, 5, 4096);
    fleet.join(3 * SECONDS_PER_TOKEN, 4096);
    talk(fleet, 160, 1);
    poisson(fleet, 800, 4, i -> sendCold(fleet));
  }

  private void lateJoiner(VirtualFleet fleet) {
    equal(fleet, 5, 4096);
    fleet.after(60, () -> fleet.join(SECONDS_PER_TOKEN, 4096));
    talk(fleet, 200, 1.2);
    poisson(fleet, 500, 3, i -> sendCold(fleet));
  }

  private void restart(VirtualFleet fleet) {
    equal(fleet, 6, 4096);
    fleet.after(60, () -> fleet.restart(fleet.nodes.getFirst()));
    talk(fleet, 200, 1.2);
    poisson(fleet, 500, 3, i -> sendCold(fleet));
  }
}
