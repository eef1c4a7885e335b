package io.kvroute.loadtest.scenario;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random token ids, so that independent draws share no prefix. */
final class RandomTokens {

  /** About the size of current vocabularies. */
  private static final int VOCABULARY = 1 << 17;

  private RandomTokens() {}

  static int[] draw(SplittableRandom random, int count) {
    return extend(new int[0], random, count);
  }

  /** A copy of the ids, followed by {@code count} new ones. */
  static int[] extend(int[] ids, SplittableRandom random, int count) {
    int[] longer = Arrays.copyOf(ids, ids.length + count);
    for (int i = ids.length; i < longer.length; i++) {
      longer[i] = random.nextInt(VOCABULARY);
    }
    return longer;
  }
}
