package io.kvroute.loadtest.scenario;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Token ids that nobody else has drawn. */
final class TokenIds {

  /** About the size of today's vocabularies. */
  private static final int VOCABULARY = 1 << 17;

  private TokenIds() {}

  static int[] draw(SplittableRandom random, int count) {
    return extend(new int[0], random, count);
  }

  /** The same ids, and so many more. */
  static int[] extend(int[] ids, SplittableRandom random, int count) {
    int[] longer = Arrays.copyOf(ids, ids.length + count);
    for (int i = ids.length; i < longer.length; i++) {
      longer[i] = random.nextInt(VOCABULARY);
    }
    return longer;
  }
}
