package io.kvroute.router.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.testing.TestSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Prefix sums over requests that join at both ends and leave from anywhere. */
final class EvictionOrderTest {

  @RegisterExtension private final TestSeed seed = new TestSeed();

  private final EvictionOrder order = new EvictionOrder();

  private static Sequence request() {
    PromptKeys prompt = Conversations.keys(new int[] {1, 2, 3, 4});
    return new Sequence(prompt, prompt.blocks(4), 0);
  }

  @Test
  void equalsASumOverAListAfterAnyChanges() {
    Random random = seed.random();
    List<Sequence> expected = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      int growing = step / 2_000 % 2 == 0 ? 6 : 3;
      int change = random.nextInt(10);
      if (expected.isEmpty() || change < growing) {
        Sequence joining = request();
        if (random.nextInt(4) == 0) {
          order.addFirst(joining);
          expected.addFirst(joining);
        } else {
          order.addLast(joining);
          expected.addLast(joining);
        }
        order.setEvictable(joining, random.nextInt(100));
      } else if (change < 9) {
        order.remove(expected.remove(random.nextInt(expected.size())));
      } else {
        order.setEvictable(expected.get(random.nextInt(expected.size())), random.nextInt(100));
      }
      if (step % 100 == 0) {
        assertEquals(expected);
      }
    }
    assertEquals(expected);
  }

  private void assertEquals(List<Sequence> expected) {
    long before = 0;
    for (Sequence sequence : expected) {
      assertThat(order.evictableBefore(sequence)).isEqualTo(before);
      before += sequence.evictableBlocks;
    }
    assertThat(order.evictable()).isEqualTo(before);
    assertThat(order.isEmpty()).isEqualTo(expected.isEmpty());
  }
}
