package io.kvroute.loadtest.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Draws the dialogues of a run, in batches that are played one after another. */
@FunctionalInterface
interface Dialogues {

  List<List<Dialogue>> batches(SplittableRandom random);

  /** Conversations that begin together, in groups that share a system prompt. */
  static Dialogues conversations(
      int count, int turns, int groups, Range systemTokens, Range questionTokens) {
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

  /** Bursts of one new prompt, which so many ask at once; each burst awaits the end of the last. */
  static Dialogues bursts(int count, int siblings, Range promptTokens) {
    return random -> {
      List<List<Dialogue>> bursts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int[] prompt = TokenIds.draw(random, promptTokens.draw(random));
        String name = "burst-" + i + "-";
        bursts.add(
            IntStream.range(0, siblings)
                .mapToObj(s -> new Dialogue(name + s, prompt, new int[] {0}))
                .toList());
      }
      return bursts;
    };
  }

  /** Single questions behind system prompts, the n-th in proportion to 1/n (Zipf's law). */
  static Dialogues zipf(int count, int prompts, Range systemTokens, Range questionTokens) {
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

  private static int[][] systems(SplittableRandom random, int count, Range tokens) {
    int[][] systems = new int[count][];
    for (int i = 0; i < count; i++) {
      systems[i] = TokenIds.draw(random, tokens.draw(random));
    }
    return systems;
  }
}
