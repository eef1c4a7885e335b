package io.kvroute.loadtest.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TensorRtLlmRulesTest {

  /** Steps of 1 ms, 16 blocks of 4 tokens, a budget of 16. */
  private static final EngineProfile SMALL =
      EngineProfile.qwen3OnL4()
          .withFlavor(EngineFlavor.TENSORRT_LLM)
          .withBlocks(16, 4)
          .withLimits(16, 8);

  private final Trace trace = new Trace();
  private final EngineModel engine = new EngineModel(SMALL, (work, start) -> 1_000_000, trace);

  @Test
  void hasBlocksOfThirtyTwoUnlessToldOtherwise() {
    EngineProfile profile = EngineProfile.qwen3OnL4().withFlavor(EngineFlavor.TENSORRT_LLM);

    assertThat(profile.blockSize()).isEqualTo(32);
    assertThat(engine.stats().blocks().usable()).as("no null block").isEqualTo(16);
  }

  @Test
  void showsAPromptWhenItsPrefillIsDoneWithoutItsLastToken() {
    engine.submit(request(1, prompt(32, 0), 3));
    long due = engine.advance(0);
    due = engine.advance(due);
    assertThat(trace.storedBlocks()).as("after the first of two chunks").isZero();

    due = engine.advance(due);
    assertThat(trace.storedBlocks()).isEqualTo(31 / 4);
    run(due);
  }

  @Test
  void showsAnAnswerWhenItEnds() {
    answer(request(1, prompt(6, 0), 11));

    assertThat(trace.storedBlocks()).isEqualTo((6 + 11 - 1) / 4);
    int[] next =
        IntStream.concat(
                IntStream.of(prompt(6, 0)),
                requireNonNull(trace.answers.get(1L)).stream().mapToInt(Integer::intValue))
            .toArray();
    answer(request(2, next, 1));
    assertThat(trace.cachedTokens).containsEntry(2L, 16);
  }

  @Test
  void storesEqualBlocksOnce() {
    engine.submit(request(1, prompt(8, 0), 2));
    engine.submit(request(2, prompt(8, 0), 2));
    run(engine.advance(0));

    // Both sequences computed the whole prompt. The first one stores the block without the last
    // token, and also the second block, which is full when the answers have begun.
    assertThat(trace.cachedTokens).containsEntry(1L, 0).containsEntry(2L, 0);
    assertThat(trace.storedBlocks()).isEqualTo(2);
    assertThat(engine.pool().cachedHashes()).isEqualTo(2);
    assertThat(engine.stats().blocks().used()).isZero();
  }

  @Test
  void admitsOnlyWhatCanReachItsLimitWithoutLosingBlocks() {
    engine.submit(request(1, prompt(4, 0), 28));
    engine.submit(request(2, prompt(4, 100), 28));
    engine.submit(request(3, prompt(4, 200), 28));
    long due = engine.advance(0);

    assertThat(engine.stats().running()).isEqualTo(2);
    assertThat(engine.stats().waiting()).isEqualTo(1);
    run(due);
    assertThat(engine.stats().steps().preemptions()).isZero();
    assertThat(trace.finished).containsOnlyKeys(1L, 2L, 3L);
  }

  private void answer(EngineRequest request) {
    engine.submit(request);
    run(engine.advance(0));
  }

  private void run(long due) {
    long next = due;
    while (next != EngineModel.IDLE) {
      next = engine.advance(next);
    }
  }

  private static EngineRequest request(long id, int[] prompt, int maxTokens) {
    return new EngineRequest(id, prompt, maxTokens, i -> 1000 * (int) id + i, -1, null);
  }

  private static int[] prompt(int tokens, int first) {
    return IntStream.range(first, first + tokens).toArray();
  }
}
