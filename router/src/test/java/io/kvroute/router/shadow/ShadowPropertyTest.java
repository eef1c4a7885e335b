package io.kvroute.router.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.testing.TestSeed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Invariants of a shadow over random sequences of events. */
final class ShadowPropertyTest {

  private static final int BLOCK = 4;
  private static final int STEPS = 20_000;

  @RegisterExtension private final TestSeed seed = new TestSeed();

  @Test
  void sequentialRequestsHitAsManyBlocksAsInANaiveModelOfTheEngine() {
    Random random = seed.random();
    Conversations conversations = new Conversations(random);
    Shadow shadow = new Shadow(new BlockIndex(1 << 24).open(0), 120, BLOCK);
    NaiveEngine engine = new NaiveEngine(120);
    for (int i = 0; i < STEPS; i++) {
      PromptKeys prompt = conversations.next(200);
      int[] answer = random.ints(1 + random.nextInt(40), 0, 100_000).toArray();
      PromptKeys whole = prompt.followedBy(answer, answer.length);
      conversations.said(whole);
      Sequence sequence = shadow.enqueue(prompt, i);
      shadow.finish(sequence, whole);
      assertThat(sequence.hitTokens() / BLOCK)
          .isEqualTo(engine.serve(prompt.blocks(BLOCK), whole.blocks(BLOCK)));
    }
  }

  @Test
  void noBlockIsLostNorOwnedTwiceAndNothingInUseIsEvicted() {
    Life life = new Life(seed.value());
    for (int i = 0; i < STEPS; i++) {
      life.step();
      life.check();
    }
    life.end();
    life.check();
    assertThat(life.shadow.usedBlocks()).isZero();
  }

  @Test
  void theSameSeedLeadsToTheSameStateAtEachStep() {
    Life one = new Life(seed.value());
    Life two = new Life(seed.value());
    for (int i = 0; i < STEPS / 4; i++) {
      one.step();
      two.step();
      assertThat(one.shadow.pool().freeList()).isEqualTo(two.shadow.pool().freeList());
      assertThat(one.holder.blocks()).isEqualTo(two.holder.blocks());
    }
  }

  /** Overlapping requests that are queued, grow and end in all possible ways. */
  private static final class Life {
    private final Random random;
    private final Conversations conversations;
    private final IndexWriter holder = new BlockIndex(1 << 24).open(0);
    private final List<Sequence> alive = new ArrayList<>();
    private final Shadow shadow = new Shadow(holder, 150, BLOCK);
    private long now;

    Life(long seed) {
      random = new Random(seed);
      conversations = new Conversations(random);
    }

    void step() {
      now++;
      int what = random.nextInt(1000);
      if (alive.isEmpty() || (what < 200 && alive.size() < 12)) {
        alive.add(shadow.enqueue(conversations.next(150), now + random.nextInt(20)));
      } else if (what < 800) {
        Sequence sequence = any();
        shadow.generated(sequence, sequence.generated + 1 + random.nextInt(5));
      } else if (what < 990) {
        end(alive.remove(random.nextInt(alive.size())));
      } else if (what < 995) {
        shadow.correct(any(), random.nextInt(100));
      } else if (what < 998) {
        shadow.resize(80 + random.nextInt(100));
      }
      if (random.nextBoolean()) {
        shadow.advance(now);
      }
    }

    private Sequence any() {
      return alive.get(random.nextInt(alive.size()));
    }

    private void end(Sequence sequence) {
      int[] answer = random.ints(Math.max(1, sequence.generated), 0, 100_000).toArray();
      PromptKeys whole = sequence.prompt.followedBy(answer, answer.length);
      conversations.said(whole);
      switch (random.nextInt(4)) {
        case 0 -> shadow.finish(sequence, sequence.generated);
        case 1 -> shadow.abandon(sequence);
        default -> shadow.finish(sequence, whole);
      }
    }

    void end() {
      alive.forEach(this::end);
    }

    void check() {
      BlockPool pool = shadow.pool();
      int[] owners = new int[pool.capacity() + 1];
      Set<Long> visible = new HashSet<>();
      for (Sequence sequence : alive) {
        BlockKeys keys = sequence.prompt.blocks(BLOCK);
        for (int i = 0; i < sequence.blockCount; i++) {
          owners[sequence.blocks[i]]++;
          if (i < keys.count()) {
            assertThat(holder.holds(keys.key(i))).as("a running request's block").isTrue();
          }
        }
      }
      for (int block : pool.freeList()) {
        assertThat(owners[block]).as("owners of free block %d", block).isZero();
        owners[block] = -1;
      }
      for (int block = 1; block < owners.length; block++) {
        assertThat(owners[block]).as("block %d is free or owned", block).isNotZero();
        if (owners[block] > 0) {
          assertThat(pool.references(block)).isEqualTo(owners[block]);
        }
        pool.keyOf(block).ifPresent(visible::add);
      }
      for (Sequence sequence : alive) {
        BlockKeys keys = sequence.prompt.blocks(BLOCK);
        for (int i = sequence.predictedFrom; i < keys.count(); i++) {
          visible.add(keys.key(i));
        }
      }
      assertThat(holder.blocks()).isEqualTo(visible.size());
      assertThat(visible).allMatch(holder::holds);
    }
  }
}
