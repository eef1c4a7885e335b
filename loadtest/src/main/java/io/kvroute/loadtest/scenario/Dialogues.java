package io.kvroute.loadtest.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws the dialogues of a run, in batches that run one after another. */
@FunctionalInterface
interface Dialogues {

  List<List<Dialogue>> batches(SplittableRandom random);

  /** One batch of conversations. The conversations of a group share a system prompt. */
  static Dialogues conversations(
      int count, int turns, int groups, IntRange systemTokens, IntRange questionTokens) {
    return random -> {
      int[][] systems = systems(random, groups, systemTokens);
      List<Dialogue> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int[] questions = IntStream.range(0, turns).map(t -> questionTokens.draw(random)).toArray();
        all.add(new Dialogue("conversation-" + i, systems[i % groups], questions));
      }
      return List.of(all);
    };
  }

  /** Bursts of {@code siblings} requests with one new prompt. Each burst is a batch. */
  static Dialogues bursts(int count, int siblings, IntRange promptTokens) {
    return random -> {
      List<List<Dialogue>> bursts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int[] prompt = RandomTokens.draw(random, promptTokens.draw(random));
        String name = "burst-" + i + "-";
        bursts.add(
            IntStream.range(0, siblings)
                .mapToObj(s -> new Dialogue(name + s, prompt, new int[] {0}))
                .toList());
      }
      return bursts;
    };
  }

  /**
   * One batch of single questions. Each follows one of {@code prompts} system prompts; the n-th is
   * chosen in proportion to 1/n (Zipf's law).
   */
  static Dialogues zipf(int count, int prompts, IntRange systemTokens, IntRange questionTokens) {
    return random -> {
      int[][] systems = systems(random, prompts, systemTokens);
      Zipf law = new Zipf(prompts, 1);
      List<Dialogue> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int[] question = {questionTokens.draw(random)};
        all.add(new Dialogue("question-" + i, systems[law.draw(random)], question));
      }
      return List.of(all);
    };
  }

  private static int[][] systems(SplittableRandom random, int count, IntRange tokens) {
    int[][] systems = new int[count][];
    for (int i = 0; i < count; i++) {
      systems[i] = RandomTokens.draw(random, tokens.draw(random));
    }
    return systems;
  }
}
