package io.kvroute.router.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.carrotsearch.hppc.LongHashSet;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlockHashTest {

  private final SplittableRandom random = new SplittableRandom(11);

  private int[] block(int size) {
    return random.ints(size, 0, 150_000).toArray();
  }

  private static long key(long parent, int[] ids) {
    return BlockHash.block(parent, ids, 0, ids.length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 13, 16, 32, 64, 128, 528})
  void dependsOnEveryIdItsPositionAndTheParent(int size) {
    int[] ids = block(size);
    LongHashSet keys = new LongHashSet();
    assertThat(keys.add(key(1, ids))).isTrue();
    assertThat(keys.add(key(2, ids))).isTrue();
    for (int i = 0; i < size; i++) {
      int[] changed = ids.clone();
      changed[i]++;
      assertThat(keys.add(key(1, changed))).isTrue();
    }
    for (int i = 1; i < size; i++) {
      int[] swapped = ids.clone();
      swapped[i] = ids[i - 1];
      swapped[i - 1] = ids[i];
      assertThat(keys.add(key(1, swapped))).isTrue();
    }
  }

  @Test
  void noTwoOfAMillionSimilarBlocksShareAKey() {
    LongHashSet keys = new LongHashSet();
    int[] ids = new int[16];
    for (long parent = 0; parent < 16; parent++) {
      for (int bits = 0; bits < 1 << ids.length; bits++) {
        for (int i = 0; i < ids.length; i++) {
          ids[i] = (bits >> i) & 1;
        }
        keys.add(key(parent, ids));
      }
    }
    assertThat(keys.size()).isEqualTo(16 << 16);
  }

  @Test
  void eachBitOfAnIdFlipsEachBitOfTheKeyInHalfOfAllCases() {
    int rounds = 4_000;
    int[] flipped = new int[Long.SIZE];
    for (int round = 0; round < rounds; round++) {
      int[] ids = block(16);
      long parent = random.nextLong();
      long before = key(parent, ids);
      ids[random.nextInt(16)] ^= 1 << random.nextInt(17);
      long difference = before ^ key(parent, ids);
      for (int bit = 0; bit < Long.SIZE; bit++) {
        flipped[bit] += (int) ((difference >>> bit) & 1);
      }
    }
    assertThat(IntStream.of(flipped)).allMatch(n -> Math.abs(n - rounds / 2) < rounds / 20);
  }
}
