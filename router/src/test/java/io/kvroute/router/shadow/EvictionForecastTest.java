package io.kvroute.router.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.testing.TestSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a request that is routed now will find, once those queued before it are admitted. */
final class EvictionForecastTest {

  @RegisterExtension private final TestSeed seed = new TestSeed();

  private static final int BLOCK = 4;

  private final BlockIndex index = new BlockIndex(1 << 24);
  private final Shadow shadow = new Shadow(index.open(0), 17, BLOCK);

  /** A prompt whose tokens depend on the text's number. */
  private static PromptKeys text(int text, int tokens) {
    return Conversations.keys(IntStream.range(0, tokens).map(i -> text * 1000 + i).toArray());
  }

  private static int held(BlockIndex index, PromptKeys prompt) {
    int[] held = new int[1];
    index.match(prompt.blocks(BLOCK), held);
    return held[0];
  }

  private int surviving(PromptKeys prompt) {
    return shadow.survivingBlocks(prompt.blocks(BLOCK), held(index, prompt));
  }

  private Sequence run(PromptKeys prompt) {
    Sequence sequence = shadow.enqueue(prompt, 0);
    shadow.advance(0);
    return sequence;
  }

  @Test
  void blocksThatAQueuedRequestWillEvictDoNotSurvive() {
    shadow.finish(run(text(1, 33)), 1);
    shadow.finish(run(text(2, 25)), 1);
    assertThat(surviving(text(1, 33))).isEqualTo(8);

    shadow.enqueue(text(3, 17), 100);
    assertThat(held(index, text(1, 33))).isEqualTo(8);
    assertThat(surviving(text(1, 33))).isEqualTo(5);
    assertThat(surviving(text(2, 25))).isEqualTo(6);
  }

  @Test
  void blocksThatAQueuedRequestWillHitSurviveInsteadOfLaterOnes() {
    shadow.finish(run(text(1, 33)), 1);
    shadow.finish(run(text(2, 25)), 1);
    shadow.enqueue(text(1, 37), 100);

    shadow.enqueue(text(3, 17), 100);
    assertThat(surviving(text(1, 37))).isEqualTo(9);
    assertThat(surviving(text(2, 25))).isEqualTo(1);
  }

  @Test
  void allBlocksSurviveAgainWhenTheQueuedRequestLeaves() {
    shadow.finish(run(text(1, 33)), 1);
    shadow.finish(run(text(2, 25)), 1);
    Sequence queued = shadow.enqueue(text(3, 17), 100);
    shadow.abandon(queued);

    assertThat(surviving(text(1, 33))).isEqualTo(8);
  }

  @Test
  void theOldestRunningRequestLosesItsTailFirst() {
    Sequence oldest = run(text(1, 32));
    run(text(2, 24));
    shadow.enqueue(text(3, 20), 0);
    assertThat(surviving(text(1, 33))).isEqualTo(5);
    assertThat(surviving(text(2, 25))).isEqualTo(6);
    assertThat(surviving(text(3, 21))).isEqualTo(5);

    shadow.finish(oldest, 1);
    shadow.advance(1);
    assertThat(held(index, text(1, 33))).isEqualTo(5);
  }

  @Test
  void aQueueLargerThanTheCacheLeavesOnlyItsLastRequests() {
    run(text(1, 40));
    shadow.enqueue(text(2, 40), 0);
    shadow.enqueue(text(3, 40), 0);

    assertThat(surviving(text(1, 41))).isZero();
    assertThat(surviving(text(2, 41))).isEqualTo(6);
    assertThat(surviving(text(3, 41))).isEqualTo(10);
  }

  @Test
  void theForecastEqualsWhatIsHeldOnceAllQueuedRequestsAreAdmitted() {
    Random random = seed.random();
    Conversations conversations = new Conversations(random);
    BlockIndex otherIndex = new BlockIndex(1 << 24);
    Shadow other = new Shadow(otherIndex.open(0), 150, BLOCK);
    List<Sequence> alive = new ArrayList<>();
    for (long now = 0; now < 5_000; now++) {
      while (alive.size() > 3) {
        Sequence ending = alive.remove(random.nextInt(alive.size()));
        int[] answer = random.ints(1 + random.nextInt(20), 0, 100_000).toArray();
        PromptKeys whole = ending.prompt.followedBy(answer, answer.length);
        conversations.said(whole);
        other.finish(ending, whole);
      }
      for (int i = random.nextInt(3); i >= 0; i--) {
        alive.add(other.enqueue(conversations.next(60), now + 1));
      }
      PromptKeys asked = conversations.next(60);
      BlockKeys keys = asked.blocks(BLOCK);
      int surviving = other.survivingBlocks(keys, held(otherIndex, asked));
      other.advance(now + 1);
      assertThat(alive).allMatch(Sequence::isRunning);
      assertThat(held(otherIndex, asked)).as("at %d", now).isEqualTo(surviving);
    }
  }
}
