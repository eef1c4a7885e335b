package io.kvroute.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.BlockKeys;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All index structures that are measured give the same answers. */
final class IndexShapesTest {

  @ParameterizedTest
  @ValueSource(strings = {"flat", "map", "compressed"})
  void everyShapeAnswersAsANaiveTreeWould(String shape) {
    Random random = new Random(5);
    Forest forest = new Forest(random, 60, 40);
    IndexUnderTest index = IndexUnderTest.make(shape, 100);
    NaiveTree[] naive = new NaiveTree[100];
    Arrays.setAll(naive, i -> new NaiveTree());
    int[] matched = new int[100];
    for (int n = 0; n < 5_000; n++) {
      BlockKeys keys = forest.any(random);
      int slot = random.nextInt(100);
      int to = random.nextInt(keys.count() + 1);
      index.store(slot, keys, 0, to);
      naive[slot].store(keys, 0, to, Presence.GPU);

      BlockKeys asked = forest.any(random);
      index.match(asked, matched);
      assertThat(matched)
          .isEqualTo(IntStream.range(0, 100).map(i -> naive[i].match(asked)).toArray());
    }
  }
}
