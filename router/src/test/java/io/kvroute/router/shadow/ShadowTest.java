package io.kvroute.router.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.PromptKeys;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShadowTest {

  private static final int BLOCK = 4;
  private static final int SLOT = 0;

  private final BlockIndex index = new BlockIndex(1 << 20);
  private final Shadow shadow = new Shadow(index.open(SLOT), 17, BLOCK);

  /** A prompt whose tokens depend on the text's number. */
  private static PromptKeys text(int text, int tokens) {
    return Conversations.keys(IntStream.range(0, tokens).map(i -> text * 1000 + i).toArray());
  }

  private int matched(PromptKeys prompt) {
    int[] matched = new int[1];
    index.match(prompt.blocks(BLOCK), matched);
    return matched[SLOT];
  }

  private Sequence run(PromptKeys prompt) {
    Sequence sequence = shadow.enqueue(prompt, 0);
    shadow.advance(0);
    return sequence;
  }

  @Test
  void aQueuedRequestShowsAtOnceAndUsesNoBlocks() {
    shadow.enqueue(text(1, 21), 100);
    shadow.advance(99);

    assertThat(matched(text(1, 21))).isEqualTo(5);
    assertThat(shadow.usedBlocks()).isZero();

    shadow.advance(100);
    assertThat(shadow.usedBlocks()).isEqualTo(6);
  }

  @Test
  void anAbandonedRequestEndsItsPredictionsButNotThoseOfOthers() {
    Sequence first = shadow.enqueue(text(1, 21), 100);
    Sequence second = shadow.enqueue(text(1, 21), 100);
    shadow.abandon(first);
    assertThat(matched(text(1, 21))).isZero();

    Sequence third = shadow.enqueue(text(1, 13), 100);
    shadow.abandon(second);
    assertThat(matched(text(1, 21))).isEqualTo(3);
    shadow.abandon(third);
    assertThat(shadow.heldBlocks()).isZero();
  }

  @Test
  void aRequestIsAdmittedOnlyWhenItFitsAndInItsTurn() {
    Sequence large = run(text(1, 40));
    Sequence waiting = run(text(2, 40));
    Sequence small = run(text(3, 4));
    assertThat(waiting.isRunning()).isFalse();
    assertThat(small.isRunning()).isFalse();

    shadow.finish(large, 1);
    shadow.advance(1);
    assertThat(waiting.isRunning()).isTrue();
    assertThat(small.isRunning()).isTrue();
    assertThat(shadow.usedBlocks()).isEqualTo(11);
  }

  @Test
  void aRequestGrowsWithItsAnswerAndTheLastTokenIsNeverComputed() {
    Sequence sequence = run(text(1, 8));
    assertThat(shadow.usedBlocks()).isEqualTo(2);
    shadow.generated(sequence, 1);
    assertThat(shadow.usedBlocks()).isEqualTo(2);
    shadow.generated(sequence, 2);
    assertThat(shadow.usedBlocks()).isEqualTo(3);

    shadow.finish(sequence, text(1, 13));
    assertThat(matched(text(1, 13))).isEqualTo(3);
    assertThat(matched(text(1, 30))).isEqualTo(3);
  }

  @Test
  void idsThatBecomeKnownLateSetTheKeysOfBlocksThatAreStillCached() {
    Sequence sequence = run(text(1, 8));
    shadow.finish(sequence, 9);
    assertThat(matched(text(1, 30))).isEqualTo(2);
    shadow.finish(run(text(2, 52)), 1); // evicts the last of its four blocks
    shadow.learnAnswer(sequence, text(1, 17));
    assertThat(matched(text(1, 30))).isEqualTo(3);

    shadow.learnAnswer(sequence, text(1, 17));
    assertThat(matched(text(1, 30))).isEqualTo(3);
  }

  @Test
  void evictsTheBlocksFreedLongestAgoAndARequestsTailBeforeItsHead() {
    shadow.finish(run(text(1, 33)), 1);
    shadow.finish(run(text(2, 25)), 1);
    assertThat(matched(text(1, 33))).isEqualTo(8);

    shadow.finish(run(text(3, 17)), 1);
    assertThat(matched(text(1, 33))).isEqualTo(5);
    assertThat(matched(text(2, 25))).isEqualTo(6);
  }

  @Test
  void keepsABlockThatARunningRequestSharesWhenTheOtherEnds() {
    Sequence first = run(text(1, 33));
    Sequence second = run(text(1, 33));
    assertThat(second.hitTokens()).isEqualTo(32);
    shadow.finish(first, 1);

    shadow.finish(run(text(2, 28)), 1);
    assertThat(matched(text(1, 33))).isEqualTo(8);
    shadow.finish(second, 1);
    assertThat(shadow.usedBlocks()).isZero();
  }

  @Test
  void aGrowingRequestPreemptsTheLastAdmittedWhichWaitsAgain() {
    Sequence first = run(text(1, 32));
    Sequence last = run(text(2, 32));
    shadow.generated(first, 2);

    assertThat(first.isRunning()).isTrue();
    assertThat(last.isRunning()).isFalse();
    shadow.finish(first, 2);
    shadow.advance(1);
    assertThat(last.isRunning()).isTrue();
  }

  @Test
  void neverTakesMoreBlocksThanThereAre() {
    Sequence sequence = shadow.enqueue(text(1, 200), 0);
    shadow.firstToken(sequence);
    assertThat(shadow.usedBlocks()).isEqualTo(16);
    shadow.finish(sequence, text(1, 220));
    assertThat(shadow.heldBlocks()).isLessThanOrEqualTo(16);
  }

  @Test
  void blocksOfAnAbandonedPrefillAreNotHeld() {
    shadow.finish(run(text(1, 9)), 1);
    Sequence sequence = run(text(1, 21));
    shadow.abandon(sequence);

    assertThat(matched(text(1, 21))).isEqualTo(2);
    assertThat(shadow.usedBlocks()).isZero();
  }

  @Test
  void anAnswerGetsItsKeysWhenTheEngineReportsThatTheNextTurnHitIt() {
    shadow.finish(run(text(1, 10)), 9);
    assertThat(matched(text(1, 30))).isEqualTo(2);

    Sequence next = run(text(1, 21));
    int usedBefore = shadow.usedBlocks();
    shadow.correct(next, 16);
    assertThat(shadow.usedBlocks()).isEqualTo(usedBefore);
    shadow.finish(next, 1);
    assertThat(matched(text(1, 21))).isEqualTo(5);

    shadow.finish(run(text(2, 44)), 1);
    assertThat(matched(text(1, 21))).isEqualTo(5);
  }

  @Test
  void fewerCachedTokensThanPredictedMeanThatAllBlocksFreedBeforeAreGone() {
    shadow.finish(run(text(1, 9)), 1);
    shadow.finish(run(text(2, 9)), 1);
    shadow.finish(run(text(3, 9)), 1);
    shadow.correct(run(text(2, 9)), 0);

    assertThat(matched(text(1, 9))).isZero();
    assertThat(matched(text(2, 9))).isEqualTo(2);
    assertThat(matched(text(3, 9))).isEqualTo(2);
  }

  @Test
  void aSmallerCapacityKeepsTheBlocksUsedLast() {
    shadow.finish(run(text(1, 17)), 1);
    shadow.finish(run(text(2, 17)), 1);
    Sequence running = run(text(3, 9));
    shadow.resize(8);

    assertThat(shadow.capacity()).isEqualTo(7);
    assertThat(matched(text(1, 17))).isZero();
    assertThat(matched(text(2, 17))).isEqualTo(4);
    assertThat(matched(text(3, 9))).isEqualTo(2);
    shadow.finish(running, 1);
    assertThat(shadow.usedBlocks()).isZero();
  }

  @Test
  void aLargerCapacityKeepsEverything() {
    shadow.finish(run(text(1, 17)), 1);
    Sequence running = run(text(2, 17));
    shadow.resize(33);
    shadow.finish(running, 1);
    shadow.finish(run(text(3, 80)), 1);

    assertThat(matched(text(1, 17))).isEqualTo(4);
    assertThat(matched(text(2, 17))).isEqualTo(4);
    assertThat(shadow.heldBlocks()).isEqualTo(28);
  }

  @Test
  void aReportOnARequestThatIsNotRunningChangesNothing() {
    Sequence first = run(text(1, 40));
    Sequence waiting = run(text(1, 80));
    assertThat(waiting.isRunning()).isFalse();
    shadow.abandon(waiting);
    shadow.abandon(first);
    shadow.finish(run(text(2, 17)), 1);

    shadow.correct(waiting, 0);
    assertThat(matched(text(2, 17))).isEqualTo(4);
  }
}
