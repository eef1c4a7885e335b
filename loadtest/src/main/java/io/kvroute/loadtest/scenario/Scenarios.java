package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.StepCost;
import io.kvroute.loadtest.simulate.VirtualFleet;
import java.util.List;
import java.util.stream.Stream;

/**
 * The scenarios in which policies are compared. Unless a scenario says otherwise, engines are
 * Qwen3-8B on NVIDIA L4 (4,355 prefill tokens per second, 55 ms per decode step) with 64k tokens of
 * KV space and without noise.
 */
public final class Scenarios {

  private static final EngineProfile L4 = EngineProfile.qwen3OnL4();
  private static final EngineProfile USUAL = L4.withBlocks(4096, L4.blockSize());

  private static final IntRange QUESTION = new IntRange(50, 500);
  private static final IntRange ANSWER = new IntRange(50, 200);

  private static final Scenario COLD =
      new Scenario(
          "cold",
          "8 equal replicas, prompts that have nothing in common",
          fleet -> join(fleet, 8, USUAL),
          List.of(new ColdPrompts(1200, 11, new IntRange(500, 3000), ANSWER)));

  private static final Scenario SHARED_PROMPTS =
      new Scenario(
          "shared-prompts",
          "8 replicas, 40 system prompts of 1,500 to 3,500 tokens, asked by Zipf's law",
          fleet -> join(fleet, 8, USUAL),
          List.of(
              new SharedPrompts(
                  2000, 22, 40, 1, new IntRange(1500, 3500), QUESTION, new IntRange(50, 150))));

  private static final Scenario BEST_OF_N =
      new Scenario(
          "best-of-n",
          "8 replicas, bursts of 32 siblings of one prompt of 2,000 to 8,000 tokens, and others",
          fleet -> join(fleet, 8, USUAL),
          List.of(
              new Bursts(40, 0.3, 32, new IntRange(2000, 8000), ANSWER),
              new ColdPrompts(400, 3, new IntRange(500, 3000), ANSWER)));

  private static final Scenario LITTLE_CACHE =
      new Scenario(
          "little-cache",
          "8 replicas with 29k tokens of KV space, conversations of 3 to 12 turns",
          fleet -> join(fleet, 8, L4),
          List.of(conversations(200, 0.9)));

  private static final Scenario ONE_SLOW =
      new Scenario(
          "one-slow",
          "5 replicas and one of a third of their speed, conversations and single prompts",
          fleet -> {
            join(fleet, 5, USUAL);
            fleet.join(USUAL.withCost(slower(USUAL.cost(), 3)));
          },
          List.of(
              conversations(150, 0.9), new ColdPrompts(500, 3, new IntRange(500, 3000), ANSWER)));

  private static final Scenario LATE_JOINER =
      new Scenario(
          "late-joiner",
          "5 replicas and one more after a minute, conversations and single prompts",
          fleet -> {
            join(fleet, 5, USUAL);
            fleet.clock().afterSeconds(60, () -> fleet.join(USUAL));
          },
          List.of(conversations(170, 1), new ColdPrompts(500, 3, new IntRange(500, 3000), ANSWER)));

  private static final Scenario RESTART =
      new Scenario(
          "restart",
          "6 replicas of which one dies after a minute and is back 30 s later with nothing cached",
          fleet -> {
            join(fleet, 6, USUAL);
            fleet.clock().afterSeconds(60, () -> fleet.restart(fleet.replicas().getFirst(), 30));
          },
          List.of(conversations(170, 1), new ColdPrompts(500, 3, new IntRange(500, 3000), ANSWER)));

  private static final Scenario THOUSAND =
      new Scenario(
          "thousand-replicas",
          "1,000 replicas, 200 system prompts by Zipf's law, and conversations",
          fleet -> join(fleet, 1000, USUAL),
          List.of(
              new SharedPrompts(
                  3000, 500, 200, 1, new IntRange(1500, 3500), QUESTION, new IntRange(30, 60)),
              new Conversations(
                  600,
                  100,
                  200,
                  new IntRange(100, 2000),
                  new IntRange(50, 600),
                  new IntRange(30, 60),
                  new IntRange(2, 4),
                  3)));

  private Scenarios() {}

  /** All scenarios, in the order of the report. */
  public static List<Scenario> all() {
    List<Scenario> quiet =
        List.of(
            COLD,
            SHARED_PROMPTS,
            BEST_OF_N,
            LITTLE_CACHE,
            ONE_SLOW,
            LATE_JOINER,
            RESTART,
            THOUSAND);
    return Stream.concat(quiet.stream(), NoisyScenarios.all().stream()).toList();
  }

  private static Conversations conversations(int count, double perSecond) {
    return new Conversations(
        count,
        perSecond,
        200,
        new IntRange(100, 2000),
        new IntRange(50, 600),
        new IntRange(50, 300),
        new IntRange(3, 12),
        8);
  }

  private static void join(VirtualFleet fleet, int replicas, EngineProfile profile) {
    for (int i = 0; i < replicas; i++) {
      fleet.join(profile);
    }
  }

  /** The same GPU, slower by a factor in everything. */
  private static StepCost slower(StepCost cost, double times) {
    return new StepCost(
        times * cost.weightReadNanos(),
        times * cost.nanosPerToken(),
        times * cost.nanosPerAttendedPair(),
        times * cost.nanosPerContextToken());
  }
}
