package io.kvroute.loadtest.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the block pool with plain bookkeeping while random sequences allocate, find and release
 * blocks.
 */
class BlockOwnershipTest {

  private static final int BLOCKS = 40;

  private final Random random = new Random();
  private final Set<Long> findable = new HashSet<>();
  private final List<IntList> held = new ArrayList<>();
  private final Map<Integer, Integer> owners = new HashMap<>();
  private final Map<Integer, Long> contents = new HashMap<>();
  private int evictions;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void noBlockIsLostOrOwnedByMistake(long seed) {
    random.setSeed(seed);
    EngineBlockPool pool = new EngineBlockPool(BLOCKS, hash -> evictions++);
    for (int i = 0; i < 5_000; i++) {
      if (held.isEmpty() || (random.nextInt(3) > 0 && pool.free() > 8)) {
        hold(pool);
      } else {
        release(pool, held.remove(random.nextInt(held.size())));
      }
      check(pool);
    }
    while (!held.isEmpty()) {
      release(pool, held.removeLast());
    }
    assertThat(pool.free()).isEqualTo(BLOCKS - 1);
    assertThat(evictions).as("seed %d evicted", seed).isPositive();
  }

  /** Adds a sequence of a few blocks, some of which are cached under the few hashes in use. */
  private void hold(EngineBlockPool pool) {
    IntList blocks = new IntList(4);
    for (int i = 0; i < 4; i++) {
      long hash = random.nextInt(80);
      int found = pool.find(hash);
      if (found >= 0) {
        assertThat(contents.get(found)).isEqualTo(hash);
        pool.touch(found);
        blocks.add(found);
        owners.merge(found, 1, Integer::sum);
        continue;
      }
      int block = pool.take();
      assertThat(owners.getOrDefault(block, 0)).as("block %d was in use", block).isZero();
      assertThat(block).as("the null block").isNotZero();
      contents.remove(block);
      owners.put(block, 1);
      blocks.add(block);
      if (random.nextInt(4) > 0) {
        pool.cache(block, hash);
        contents.put(block, hash);
        findable.add(hash);
      }
    }
    held.add(blocks);
  }

  private void release(EngineBlockPool pool, IntList blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      owners.merge(blocks.get(i), -1, Integer::sum);
    }
    pool.release(blocks);
  }

  private void check(EngineBlockPool pool) {
    int used = 0;
    for (int block = 1; block < BLOCKS; block++) {
      assertThat(pool.references(block)).isEqualTo(owners.getOrDefault(block, 0));
      assertThat(pool.isCached(block)).isEqualTo(contents.containsKey(block));
      used += owners.getOrDefault(block, 0) > 0 ? 1 : 0;
    }
    assertThat(pool.free()).isEqualTo(BLOCKS - 1 - used);
    assertThat(pool.cachedHashes()).isEqualTo(new HashSet<>(contents.values()).size());
    Long[] hashes = findable.toArray(new Long[0]);
    assertThat(Arrays.stream(hashes).filter(hash -> pool.find(hash) >= 0))
        .containsExactlyInAnyOrderElementsOf(new HashSet<>(contents.values()));
  }
}
