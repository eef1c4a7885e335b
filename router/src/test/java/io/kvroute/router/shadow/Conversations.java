package io.kvroute.router.shadow;

import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random prompts that continue, repeat or branch off earlier texts, as conversations do. */
final class Conversations {

  private static final long ROOT = new KeySpace(3).tokenRoot("m", null);
  private static final int KEPT = 60;

  private final Random random;
  private final List<int[]> texts = new ArrayList<>();

  Conversations(Random random) {
    this.random = random;
  }

  static PromptKeys keys(int... ids) {
    return PromptKeys.of(PromptMode.TOKENS, ROOT, ids, ids.length);
  }

  PromptKeys next(int maxTokens) {
    int[] ids = random.ints(1 + random.nextInt(maxTokens), 0, 100_000).toArray();
    if (!texts.isEmpty() && random.nextInt(5) > 0) {
      int[] earlier = texts.get(random.nextInt(texts.size()));
      int shared = random.nextBoolean() ? earlier.length : random.nextInt(earlier.length + 1);
      System.arraycopy(earlier, 0, ids, 0, Math.min(shared, ids.length));
    }
    return keys(ids);
  }

  /** Remembers a prompt and its answer, so that later prompts can continue it. */
  void said(PromptKeys whole) {
    if (texts.size() == KEPT) {
      texts.remove(random.nextInt(KEPT));
    }
    texts.add(whole.ids());
  }
}
