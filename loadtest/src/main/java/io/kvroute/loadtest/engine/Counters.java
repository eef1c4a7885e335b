package io.kvroute.loadtest.engine;

import java.util.EnumMap;
import java.util.Map;

/** Counts what an engine has done since it started. */
final class Counters {

  private long queriedTokens;
  private long hitTokens;
  private long promptTokens;
  private long cachedPromptTokens;
  private long answerTokens;
  private long preemptions;
  private long steps;
  private long stepTokens;
  private final Map<FinishReason, Long> finished = new EnumMap<>(FinishReason.class);

  void queried(int tokens, int hits) {
    queriedTokens += tokens;
    hitTokens += hits;
  }

  void preempted() {
    preemptions++;
  }

  void prefilled(int tokens, int cached) {
    promptTokens += tokens;
    cachedPromptTokens += cached;
  }

  void sampled() {
    answerTokens++;
  }

  void stepped(int tokens) {
    steps++;
    stepTokens += tokens;
  }

  void finished(FinishReason reason) {
    finished.merge(reason, 1L, Long::sum);
  }

  EngineStats stats(int running, int waiting, int usedBlocks, int usableBlocks) {
    return new EngineStats(
        running,
        waiting,
        new EngineStats.Blocks(usedBlocks, usableBlocks),
        new EngineStats.Tokens(
            queriedTokens, hitTokens, promptTokens, cachedPromptTokens, answerTokens),
        new EngineStats.Steps(steps, stepTokens, preemptions),
        new EngineStats.Finished(
            finished.getOrDefault(FinishReason.STOP, 0L),
            finished.getOrDefault(FinishReason.LENGTH, 0L),
            finished.getOrDefault(FinishReason.ABORT, 0L)));
  }
}
