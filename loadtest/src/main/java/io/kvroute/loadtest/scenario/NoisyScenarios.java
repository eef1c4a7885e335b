package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.simulate.Host;
import io.kvroute.loadtest.simulate.Noise;
import io.kvroute.loadtest.simulate.VirtualFleet;
import java.util.List;

/**
 * Scenarios whose engines have the noise of real engines. The scenarios with two tiny engines on
 * one machine repeat a measurement with two real engines, with the same traffic: chat prompts of
 * 300 to 900 tokens, 16 answer tokens, no session.
 */
final class NoisyScenarios {

  private static final IntRange ANSWER = IntRange.of(16);

  /** Tokens of a system prompt of 150 words, with Qwen3's chat template and tokenizer. */
  private static final IntRange SYSTEM = IntRange.of(167);

  /** Tokens of a question of 120 words. */
  private static final IntRange QUESTION = IntRange.of(130);

  /** CPU time of clients written in Python; {@code NoiseFit} found it. */
  static final double CLIENT_REQUEST_NANOS = 3.9e6;

  static final double CLIENT_CHUNK_NANOS = 4.3e5;

  private NoisyScenarios() {}

  static List<Scenario> all() {
    return List.of(
        conversations("noisy-conversations", 6),
        conversations("noisy-conversations-2", 2),
        conversations("noisy-conversations-12", 12),
        new Scenario(
            "noisy-bursts",
            "2 noisy engines on one machine, bursts of 6 siblings of one new prompt",
            NoisyScenarios::twoTinyEngines,
            List.of(bursts(12, 6))),
        new Scenario(
            "noisy-zipf",
            "2 noisy engines on one machine, 12 system prompts by Zipf's law, 6 requests at once",
            NoisyScenarios::twoTinyEngines,
            List.of(zipf(96, 6))),
        new Scenario(
            "noisy-gpus",
            "8 noisy replicas, 160 conversations of 6 turns, 48 requests at once",
            NoisyScenarios::eightGpus,
            List.of(
                new ClosedLoop(
                    48,
                    8,
                    new IntRange(50, 300),
                    Dialogues.conversations(
                        160, 6, 8, new IntRange(200, 1500), new IntRange(50, 600))))));
  }

  private static Scenario conversations(String name, int atOnce) {
    return new Scenario(
        name,
        "2 noisy engines on one machine, 24 conversations of 5 turns, " + atOnce + " at once",
        NoisyScenarios::twoTinyEngines,
        List.of(conversations(24, 5, atOnce)));
  }

  /** The recorded traffic of conversations: 4 groups, each with its own system prompt. */
  static Traffic conversations(int count, int turns, int atOnce) {
    return new ClosedLoop(
        atOnce, 0.5, ANSWER, Dialogues.conversations(count, turns, 4, SYSTEM, QUESTION));
  }

  /** The recorded traffic of bursts, one after another. */
  static Traffic bursts(int count, int siblings) {
    return new ClosedLoop(siblings, 0, ANSWER, Dialogues.bursts(count, siblings, IntRange.of(629)));
  }

  /** The recorded traffic of single questions after 12 system prompts. */
  static Traffic zipf(int count, int atOnce) {
    return new ClosedLoop(
        atOnce, 0, ANSWER, Dialogues.zipf(count, 12, IntRange.of(617), IntRange.of(52)));
  }

  /**
   * Two engines and their clients on one machine with two cores, as in the measurement. The
   * background load stands for the router and other processes; its amount gives the measured mean
   * time to first token of 80 to 120 ms with 6 requests in flight.
   */
  private static void twoTinyEngines(VirtualFleet fleet) {
    Host host = fleet.host(2);
    host.otherWork(1, 0.3, fleet.noise());
    fleet.clientsOn(host, CLIENT_REQUEST_NANOS, CLIENT_CHUNK_NANOS);
    fleet.join(EngineProfile.tinyOnCpu(), Noise.TINY_ON_CPU, host);
    fleet.join(EngineProfile.tinyOnCpu(), Noise.TINY_ON_CPU, host);
  }

  /** Eight engines, each on a machine of its own. */
  private static void eightGpus(VirtualFleet fleet) {
    EngineProfile profile = EngineProfile.qwen3OnL4();
    for (int i = 0; i < 8; i++) {
      fleet.join(profile.withBlocks(4096, profile.blockSize()), Noise.ON_GPU, fleet.host(8));
    }
  }
}
