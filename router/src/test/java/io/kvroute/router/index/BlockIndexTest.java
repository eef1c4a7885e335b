package io.kvroute.router.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.KeySpace;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BlockIndexTest {

  private static final int BLOCK = 4;
  private static final long ROOT = new KeySpace(7).tokenRoot("m", null);

  private final BlockIndex index = new BlockIndex(1 << 20);

  /** A chain of so many blocks, all matchable. It leaves the common chain at {@code branchAt}. */
  private static BlockKeys chain(int blocks, int branchAt, int branch) {
    int[] ids = IntStream.range(0, blocks * BLOCK + 1).toArray();
    for (int i = branchAt * BLOCK; i < ids.length; i++) {
      ids[i] += branch;
    }
    return BlockKeys.fromRoot(ROOT, ids, ids.length, BLOCK);
  }

  private static BlockKeys chain(int blocks) {
    return chain(blocks, blocks, 0);
  }

  private int[] match(BlockKeys keys) {
    int[] matched = {-1, -1, -1, -1};
    index.match(keys, matched);
    return matched;
  }

  @Test
  void answersForEveryReplicaAtOnce() {
    index.open(0).store(chain(10), 0, 10, Presence.GPU);
    index.open(2).store(chain(10), 0, 4, Presence.PREDICTED);
    index.open(3).store(chain(10, 6, 1000), 0, 10, Presence.HOST);

    assertThat(match(chain(10))).containsExactly(10, 0, 4, 6);
    assertThat(match(chain(3))).containsExactly(3, 0, 3, 3);
  }

  @Test
  void neverMatchesTheLastTokenOfAPrompt() {
    int[] ids = IntStream.range(0, 3 * BLOCK).toArray();
    BlockKeys exact = BlockKeys.fromRoot(ROOT, ids, ids.length, BLOCK);
    index.open(0).store(exact, 0, 3, Presence.GPU);

    assertThat(match(exact)).containsExactly(2, 0, 0, 0);
  }

  @Test
  void holdsABlockUntilItsLastPresenceMarkIsRemoved() {
    IndexWriter writer = index.open(1);
    BlockKeys keys = chain(5);
    writer.store(keys, 0, 5, Presence.PREDICTED);
    writer.store(keys, 0, 3, Presence.GPU);
    for (int i = 4; i >= 0; i--) {
      writer.remove(keys.key(i), Presence.PREDICTED);
    }

    assertThat(match(keys)).containsExactly(0, 3, 0, 0);
    assertThat(writer.blocks()).isEqualTo(3);
    assertThat(index.blocks()).isEqualTo(3);
    assertThat(writer.holds(keys.key(2), Presence.GPU)).isTrue();
    assertThat(writer.holds(keys.key(2), Presence.PREDICTED)).isFalse();
  }

  @Test
  void matchingStopsAtAHoleUntilItIsFilled() {
    IndexWriter writer = index.open(0);
    BlockKeys keys = chain(64);
    writer.store(keys, 0, 64, Presence.GPU);
    writer.remove(keys.key(20), Presence.GPU);
    assertThat(match(keys)[0]).isEqualTo(20);

    writer.store(keys, 20, 21, Presence.GPU);
    assertThat(match(keys)[0]).isEqualTo(64);
  }

  @Test
  void clearingOneSlotLeavesTheBlocksOfOthers() {
    IndexWriter restarted = index.open(0);
    BlockKeys keys = chain(8);
    restarted.store(keys, 0, 8, Presence.GPU);
    index.open(1).store(keys, 0, 8, Presence.GPU);
    restarted.clear();
    assertThat(match(keys)).containsExactly(0, 8, 0, 0);

    restarted.store(keys, 0, 2, Presence.GPU);
    assertThat(match(keys)).containsExactly(2, 8, 0, 0);
    assertThat(restarted.blocks()).isEqualTo(2);
  }

  @Test
  void aLateWriterCannotAddBlocksToTheNextOwnerOfItsSlot() {
    IndexWriter gone = index.open(0);
    IndexWriter next = index.open(0);
    gone.store(chain(8), 0, 8, Presence.GPU);
    assertThat(match(chain(8))).containsExactly(0, 0, 0, 0);

    next.store(chain(8), 0, 8, Presence.GPU);
    gone.remove(chain(8).key(0), Presence.GPU);
    gone.close();
    assertThat(match(chain(8))).containsExactly(8, 0, 0, 0);
  }

  @Test
  void listsTheLargestPrefixes() {
    IndexWriter writer = index.open(0);
    writer.store(chain(10), 0, 10, Presence.GPU);
    writer.store(chain(7, 3, 500), 0, 7, Presence.GPU);

    assertThat(index.largest(0, 5))
        .extracting(
            CachedPrefix::tailKey, CachedPrefix::blocks, CachedPrefix::whole, CachedPrefix::holders)
        .containsExactly(
            tuple(chain(10).key(9), 10, true, 1), tuple(chain(7, 3, 500).key(6), 7, true, 1));
    assertThat(index.largest(0, 1)).hasSize(1);
    assertThat(index.largest(1, 1)).isEmpty();
  }
}
