package io.kvroute.loadtest.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EngineModelTest {

  private static final int END = 7;

  /** Steps of 1 ms, blocks of 4 tokens and a budget of 16, so that tests can count steps. */
  private static final EngineProfile SMALL =
      EngineProfile.qwen3OnL4().withBlocks(33, 4).withLimits(16, 3);

  private final Trace trace = new Trace();
  private EngineModel engine = new EngineModel(SMALL, (work, start) -> 1_000_000, trace);

  @Test
  void findsFullBlocksOfAPromptButNeverItsLastToken() {
    answer(request(1, prompt(12), 1));
    answer(request(2, prompt(12), 1));
    answer(request(3, prompt(13), 1));

    assertThat(trace.cachedTokens).containsEntry(1L, 0).containsEntry(2L, 8).containsEntry(3L, 12);
  }

  @Test
  void findsWhatItGenerated() {
    answer(request(1, prompt(6), 7));
    int[] next = IntStream.concat(IntStream.of(prompt(6)), IntStream.of(answerOf(1))).toArray();

    answer(request(2, next, 1));

    assertThat(next).hasSize(13);
    assertThat(trace.cachedTokens).containsEntry(2L, 12);
  }

  @Test
  void leavesTheBlocksOfAllTokensButTheLastSampled() {
    answer(request(1, prompt(6), 6));
    assertThat(trace.storedBlocks()).isEqualTo((6 + 6 - 1) / 4);

    answer(request(2, prompt(5, 100), 4));
    assertThat(trace.storedBlocks()).isEqualTo(2 + (5 + 4 - 1) / 4);
  }

  @Test
  void showsALongPromptChunkByChunk() {
    engine.submit(request(1, prompt(40), 1));
    long due = engine.advance(0);
    due = engine.advance(due);
    engine.submit(request(2, prompt(40), 1));
    run(due);

    assertThat(trace.cachedTokens).containsEntry(1L, 0).containsEntry(2L, 36);
    assertThat(trace.firstTokenNanos.get(1L)).isEqualTo(3_000_000);
  }

  @Test
  void sharesTheBudgetOfAStepRunningFirst() {
    engine.submit(request(1, prompt(4), 10));
    long due = engine.advance(0);
    engine.submit(request(2, prompt(16, 100), 1));
    run(due);

    // 15 of the 16 prompt tokens fit beside the decode, so the last one needs a second step.
    assertThat(trace.firstTokenNanos.get(2L)).isEqualTo(3_000_000);
  }

  @Test
  void runsNoMoreSequencesThanAllowedAndWaitingOnesHoldNoBlocks() {
    for (int i = 1; i <= 5; i++) {
      engine.submit(request(i, prompt(4, i * 100), 3));
    }
    engine.advance(0);

    EngineStats stats = engine.stats();
    assertThat(stats.running()).isEqualTo(3);
    assertThat(stats.waiting()).isEqualTo(2);
    assertThat(stats.blocks().used()).isEqualTo(3);
  }

  @Test
  void admitsARequestOnlyIfAllOfItFits() {
    engine.submit(request(1, prompt(100), 1));
    engine.submit(request(2, prompt(40, 1000), 1));
    long due = engine.advance(0);

    assertThat(engine.stats().waiting()).isEqualTo(1);
    run(due);
    assertThat(trace.finished).containsKeys(1L, 2L);
  }

  @Test
  void theYoungestLosesItsBlocksWhenNoneIsLeftAndStartsAgain() {
    engine = new EngineModel(SMALL.withBlocks(5, 4), (work, start) -> 1_000_000, trace);
    engine.submit(request(1, prompt(4), 10));
    engine.submit(request(2, prompt(4, 100), 10));
    run(engine.advance(0));

    assertThat(engine.stats().steps().preemptions()).isPositive();
    assertThat(trace.answers.get(1L)).hasSize(10).isEqualTo(expected(request(1, prompt(4), 10)));
    assertThat(trace.answers.get(2L)).hasSize(10).doesNotHaveDuplicates();
    assertThat(engine.stats().blocks().used()).isZero();
    assertThat(engine.stats().tokens().queried()).isEqualTo(8);
  }

  @Test
  void anAbortedRequestLeavesWithTheStepAndItsBlocksStayFindable() {
    engine.submit(request(1, prompt(12), 50));
    long due = engine.advance(0);
    engine.abort(1);
    due = engine.advance(due);

    assertThat(due).isEqualTo(EngineModel.IDLE);
    assertThat(engine.stats().running()).isZero();
    assertThat(engine.stats().blocks().used()).isZero();
    assertThat(engine.stats().finished().aborted()).isEqualTo(1);
    answer(request(2, prompt(13), 1));
    assertThat(trace.cachedTokens).containsEntry(2L, 12);
  }

  @Test
  void anAbortOfAWaitingOrUnknownRequestTouchesNothingElse() {
    for (int i = 1; i <= 4; i++) {
      engine.submit(request(i, prompt(4, i * 100), 2));
    }
    long due = engine.advance(0);
    engine.abort(4);
    engine.abort(99);
    run(due);

    assertThat(trace.finished).containsOnlyKeys(1L, 2L, 3L);
    assertThat(engine.stats().finished().aborted()).isEqualTo(1);
  }

  @Test
  void theEndTokenEndsAnAnswer() {
    answer(new EngineRequest(1, prompt(4), 10, i -> i == 2 ? END : 50 + i, END, null));

    assertThat(trace.answers.get(1L)).containsExactly(50, 51, END);
    assertThat(trace.finished).containsEntry(1L, FinishReason.STOP);
    assertThat(engine.stats().finished().stopped()).isEqualTo(1);
  }

  @Test
  void theContextEndsAnAnswer() {
    engine = new EngineModel(SMALL.withMaxModelTokens(10), (work, start) -> 1, trace);
    answer(request(1, prompt(4), 100));

    assertThat(trace.answers.get(1L)).hasSize(6);
    assertThat(trace.finished).containsEntry(1L, FinishReason.LENGTH);
    assertThatThrownBy(() -> engine.submit(request(2, prompt(10), 1)))
        .hasMessage("prompt: 10 tokens (expected: < 10, the context)");
  }

  @Test
  void requestsWithDifferentSaltsShareNothing() {
    answer(salted(1, null));
    answer(salted(2, "tenant-a"));
    answer(salted(3, "tenant-b"));
    answer(salted(4, "tenant-a"));

    assertThat(trace.cachedTokens).containsEntry(2L, 0).containsEntry(3L, 0).containsEntry(4L, 8);
  }

  @Test
  void twoThatComputeTheSameAtOnceLeaveTwoCopies() {
    engine.submit(request(1, prompt(8), 1));
    engine.submit(request(2, prompt(8), 1));
    run(engine.advance(0));

    // The second request finds the blocks of the first, which are cached already, except the last.
    assertThat(trace.cachedTokens).containsEntry(1L, 0).containsEntry(2L, 4);
    assertThat(trace.storedBlocks()).isEqualTo(3);
    assertThat(engine.pool().cachedHashes()).isEqualTo(2);
  }

  @Test
  void aResetForgetsAllAndIsToldWithTheNextStep() {
    answer(request(1, prompt(12), 1));
    assertThat(engine.resetPrefixCache()).isTrue();
    int before = trace.events.size();
    answer(request(2, prompt(12), 1));

    assertThat(trace.cachedTokens).containsEntry(2L, 0);
    assertThat(trace.events.get(before)).isEqualTo(new EngineKvEvent.AllBlocksCleared());
    engine.submit(request(3, prompt(12), 1));
    long due = engine.advance(10_000_000);
    assertThat(engine.resetPrefixCache()).as("while blocks are held").isFalse();
    run(due);
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

  private int[] answerOf(long id) {
    List<Integer> answer = trace.answers.getOrDefault(id, List.of());
    return answer.stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<Integer> expected(EngineRequest request) {
    return IntStream.range(0, request.maxTokens()).map(request.answer()::tokenAt).boxed().toList();
  }

  private static EngineRequest salted(long id, @Nullable String salt) {
    return new EngineRequest(id, prompt(12), 1, i -> 1, -1, salt);
  }

  private static EngineRequest request(long id, int[] prompt, int maxTokens) {
    return new EngineRequest(id, prompt, maxTokens, i -> (int) (1000 * id) + i, -1, null);
  }

  private static int[] prompt(int tokens) {
    return prompt(tokens, 10);
  }

  private static int[] prompt(int tokens, int first) {
    return IntStream.range(first, first + tokens).toArray();
  }
}
