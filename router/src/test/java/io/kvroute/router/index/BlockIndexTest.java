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

  /** A chain of so many blocks that can all match, branching off the others after some. */
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
    index.open(0).store(chain(10), 0, 10, Claim.GPU);
    index.open(2).store(chain(10), 0, 4, Claim.PREDICTED);
    index.open(3).store(chain(10, 6, 1000), 0, 10, Claim.HOST);

    assertThat(match(chain(10))).containsExactly(10, 0, 4, 6);
    assertThat(match(chain(3))).containsExactly(3, 0, 3, 3);
  }

  @Test
  void neverMatchesTheLastTokenOfAPrompt() {
    int[] ids = IntStream.range(0, 3 * BLOCK).toArray();
    BlockKeys exact = BlockKeys.fromRoot(ROOT, ids, ids.length, BLOCK);
    index.open(0).store(exact, 0, 3, Claim.GPU);

    assertThat(match(exact)).containsExactly(2, 0, 0, 0);
  }

  @Test
  void holdsABlockUntilItsLastClaimIsTakenBack() {
    Holder holder = index.open(1);
    BlockKeys keys = chain(5);
    holder.store(keys, 0, 5, Claim.PREDICTED);
    holder.store(keys, 0, 3, Claim.GPU);
    for (int i = 4; i >= 0; i--) {
      holder.remove(keys.key(i), Claim.PREDICTED);
    }

    assertThat(match(keys)).containsExactly(0, 3, 0, 0);
    assertThat(holder.blocks()).isEqualTo(3);
    assertThat(index.blocks()).isEqualTo(3);
    assertThat(holder.holds(keys.key(2), Claim.GPU)).isTrue();
    assertThat(holder.holds(keys.key(2), Claim.PREDICTED)).isFalse();
  }

  @Test
  void stopsAtAHoleAndGoesOnOnceItIsFilled() {
    Holder holder = index.open(0);
    BlockKeys keys = chain(64);
    holder.store(keys, 0, 64, Claim.GPU);
    holder.remove(keys.key(20), Claim.GPU);
    assertThat(match(keys)[0]).isEqualTo(20);

    holder.store(keys, 20, 21, Claim.GPU);
    assertThat(match(keys)[0]).isEqualTo(64);
  }

  @Test
  void aReplicaThatRestartedStartsEmptyAndOthersKeepTheirs() {
    Holder restarted = index.open(0);
    BlockKeys keys = chain(8);
    restarted.store(keys, 0, 8, Claim.GPU);
    index.open(1).store(keys, 0, 8, Claim.GPU);
    restarted.clear();
    assertThat(match(keys)).containsExactly(0, 8, 0, 0);

    restarted.store(keys, 0, 2, Claim.GPU);
    assertThat(match(keys)).containsExactly(2, 8, 0, 0);
    assertThat(restarted.blocks()).isEqualTo(2);
  }

  @Test
  void aLateWriterCannotColourTheNextReplicaInItsSlot() {
    Holder gone = index.open(0);
    Holder next = index.open(0);
    gone.store(chain(8), 0, 8, Claim.GPU);
    assertThat(match(chain(8))).containsExactly(0, 0, 0, 0);

    next.store(chain(8), 0, 8, Claim.GPU);
    gone.remove(chain(8).key(0), Claim.GPU);
    gone.close();
    assertThat(match(chain(8))).containsExactly(8, 0, 0, 0);
  }

  @Test
  void showsTheLargestChainsForPeople() {
    Holder holder = index.open(0);
    holder.store(chain(10), 0, 10, Claim.GPU);
    holder.store(chain(7, 3, 500), 0, 7, Claim.GPU);

    assertThat(index.largest(0, 5))
        .extracting(Chain::tailKey, Chain::blocks, Chain::whole, Chain::holders)
        .containsExactly(
            tuple(chain(10).key(9), 10, true, 1), tuple(chain(7, 3, 500).key(6), 7, true, 1));
    assertThat(index.largest(0, 1)).hasSize(1);
    assertThat(index.largest(1, 1)).isEmpty();
  }
}
