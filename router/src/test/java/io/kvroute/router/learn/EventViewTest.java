package io.kvroute.router.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.KeySpace;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class EventViewTest {

  private static final int BLOCK_SIZE = 32;

  private final KeySpace space = new KeySpace(5);
  private final BlockIndex index = new BlockIndex(64 << 20);
  private final IndexWriter holder = index.open(0);
  private final EventView view = new EventView(target());

  private EventTarget target() {
    return new EventTarget() {
      @Override
      public IndexWriter writer(int blockSize) {
        return holder;
      }

      @Override
      public long root(@Nullable String lora, @Nullable String cacheSalt) {
        return space.tokenRoot("qwen3", cacheSalt);
      }

      @Override
      public void forget() {
        holder.clear();
      }
    };
  }

  private int matchedBlocks(int[] ids) {
    int[] matched = new int[1];
    long root = space.tokenRoot("qwen3", null);
    index.match(BlockKeys.fromRoot(root, ids, ids.length, BLOCK_SIZE), matched);
    return matched[0];
  }

  @Test
  void equalsANaiveModelAtEveryMomentOfARealRun() {
    NaiveView naive = new NaiveView();
    List<Recordings.Exchange> exchanges = Recordings.sequence();
    for (Recordings.Published message : Recordings.published("sequence-kv-events")) {
      for (KvEvent event : message.batch().events()) {
        view.apply(event);
        naive.apply(event);
      }
      for (int i = 0; i < exchanges.size(); i += 7) {
        int[] ids = exchanges.get(i).all();
        assertThat(matchedBlocks(ids))
            .as("request %d after batch %d", i, message.number())
            .isEqualTo(naive.leadingBlocks(ids, BLOCK_SIZE));
      }
    }
  }

  @Test
  void predictsEveryRequestOfARealRunExactly() {
    int number = 0;
    for (Recordings.Step step : Recordings.steps()) {
      Recordings.Exchange exchange = step.exchange();
      assertThat(matchedBlocks(exchange.prompt()) * BLOCK_SIZE)
          .as("cached tokens of request %d", number++)
          .isEqualTo(exchange.cachedTokens());
      step.published().forEach(message -> message.batch().events().forEach(view::apply));
    }
  }

  @Test
  void aBlockStoredTwiceIsGoneAfterTwoRemovals() {
    int[] ids = new int[BLOCK_SIZE + 1];
    KvEvent stored = stored(77, ids);
    KvEvent removed = new KvEvent.Removed(new BlockHashes(77), Tier.GPU, 0);

    view.apply(stored);
    view.apply(stored);
    view.apply(removed);
    assertThat(matchedBlocks(ids)).isEqualTo(1);
    view.apply(removed);
    assertThat(matchedBlocks(ids)).isZero();
    view.apply(removed);
    assertThat(holder.blocks()).isZero();
  }

  @Test
  void equalTokensWithTwoEngineHashesAreHeldUntilBothAreRemoved() {
    int[] ids = new int[BLOCK_SIZE + 1];
    view.apply(stored(1, ids));
    view.apply(stored(2, ids));
    view.apply(new KvEvent.Removed(new BlockHashes(1), Tier.GPU, 0));
    assertThat(matchedBlocks(ids)).isEqualTo(1);
    view.apply(new KvEvent.Removed(new BlockHashes(2), Tier.GPU, 0));
    assertThat(matchedBlocks(ids)).isZero();
  }

  @Test
  void blocksAfterAnUnknownParentAreIgnored() {
    StoredBlocks orphan =
        new StoredBlocks(
            new BlockHashes(5),
            4L,
            new StoredBlocks.Tokens(new int[BLOCK_SIZE]),
            BLOCK_SIZE,
            null,
            null);
    view.apply(new KvEvent.Stored(orphan, Tier.GPU, 0, null));
    assertThat(holder.blocks()).isZero();
  }

  @Test
  void slidingWindowGroupsDoNotCount() {
    KvEvent.Stored full = stored(9, new int[BLOCK_SIZE + 1]);
    view.apply(new KvEvent.Stored(full.stored(), Tier.GPU, 1, "sliding_window"));
    assertThat(holder.blocks()).isZero();
  }

  @Test
  void aBlockThatMovedToHostMemoryIsStillHeld() {
    int[] ids = new int[BLOCK_SIZE + 1];
    view.apply(stored(3, ids));
    StoredBlocks offloaded =
        new StoredBlocks(new BlockHashes(3), null, new StoredBlocks.Tokens(), 0, null, null);
    view.apply(new KvEvent.Stored(offloaded, Tier.HOST, 0, null));
    view.apply(new KvEvent.Removed(new BlockHashes(3), Tier.GPU, 0));
    assertThat(matchedBlocks(ids)).isEqualTo(1);
    view.apply(new KvEvent.Removed(new BlockHashes(3), Tier.HOST, 0));
    assertThat(matchedBlocks(ids)).isZero();
  }

  @Test
  void aMovedBlockIsHeldUntilItIsRemovedFromItsNewTier() {
    int[] ids = new int[BLOCK_SIZE + 1];
    view.apply(stored(3, ids));
    view.apply(new KvEvent.Moved(3, Tier.HOST, 0));
    view.apply(new KvEvent.Removed(new BlockHashes(3), Tier.GPU, 0));
    assertThat(matchedBlocks(ids)).isEqualTo(1);
    view.apply(new KvEvent.Removed(new BlockHashes(3), null, 0));
    assertThat(matchedBlocks(ids)).isZero();
  }

  @Test
  void aRepeatedReportOfAnEngineWithoutCopiesCountsOnce() {
    int[] ids = new int[BLOCK_SIZE + 1];
    EventView once = new EventView(new DataParallelBlocks(target()), false, true);
    once.apply(stored(3, ids));
    once.apply(stored(3, ids));
    once.apply(new KvEvent.Removed(new BlockHashes(3), null, 0));
    assertThat(matchedBlocks(ids)).isZero();
  }

  @Test
  void aBlockIsHeldWhileAnyRankHasIt() {
    int[] ids = new int[BLOCK_SIZE + 1];
    DataParallelBlocks shared = new DataParallelBlocks(target());
    EventView one = new EventView(shared, true, false);
    EventView other = new EventView(shared, true, false);
    one.apply(stored(3, ids));
    other.apply(stored(3, ids));
    one.clear();
    assertThat(matchedBlocks(ids)).isEqualTo(1);
    other.apply(new KvEvent.Removed(new BlockHashes(3), Tier.GPU, 0));
    assertThat(matchedBlocks(ids)).isZero();
  }

  @Test
  void aClearedCacheIsEmpty() {
    int[] ids = new int[BLOCK_SIZE + 1];
    view.apply(stored(3, ids));
    view.apply(new KvEvent.Cleared());
    assertThat(matchedBlocks(ids)).isZero();
    view.apply(stored(3, ids));
    assertThat(matchedBlocks(ids)).isEqualTo(1);
  }

  private static KvEvent.Stored stored(long hash, int[] ids) {
    int[] block = Arrays.copyOf(ids, BLOCK_SIZE);
    StoredBlocks blocks =
        new StoredBlocks(
            new BlockHashes(hash), null, new StoredBlocks.Tokens(block), BLOCK_SIZE, null, null);
    return new KvEvent.Stored(blocks, Tier.GPU, 0, "full_attention");
  }
}
