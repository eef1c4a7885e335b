package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/** Concurrent operations on single blocks are linearizable. */
@Param(name = "block", gen = IntGen.class, conf = "0:3")
@Param(name = "slot", gen = IntGen.class, conf = "0:4")
public final class BlockIndexLincheckTest {

  private static final BlockKeys KEYS =
      BlockKeys.fromRoot(42, IntStream.range(0, 9).toArray(), 9, 2);

  private final BlockIndex index = new BlockIndex(Long.MAX_VALUE);
  private final IndexWriter[] writers =
      IntStream.range(0, 5).mapToObj(index::open).toArray(IndexWriter[]::new);

  @Operation
  public void store(@Param(name = "slot") int slot, @Param(name = "block") int block) {
    writers[slot].store(KEYS, block, block + 1, Presence.GPU);
  }

  @Operation
  public void remove(@Param(name = "slot") int slot, @Param(name = "block") int block) {
    writers[slot].remove(KEYS.key(block), Presence.GPU);
  }

  @Operation
  public boolean holds(@Param(name = "slot") int slot, @Param(name = "block") int block) {
    return writers[slot].holds(KEYS.key(block));
  }

  @Test
  void singleBlocksAreLinearizable() {
    new StressOptions()
        .iterations(30)
        .invocationsPerIteration(500)
        .threads(3)
        .actorsPerThread(4)
        .check(BlockIndexLincheckTest.class);
  }
}
