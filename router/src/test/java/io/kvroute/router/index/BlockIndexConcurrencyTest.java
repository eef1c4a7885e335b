package io.kvroute.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.testing.TestSeed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Writers and readers that run at the same time. */
final class BlockIndexConcurrencyTest {

  private static final int ROUNDS = 2_000;

  @RegisterExtension private final TestSeed seed = new TestSeed();
  private final Forest forest = new Forest(seed.random(), 60, 40);
  private final BlockIndex index = new BlockIndex(Long.MAX_VALUE);

  private static void runAll(List<Callable<Void>> tasks) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    }
  }

  /** Stores and removes random parts of chains, in the index and in the naive tree. */
  private void churn(IndexWriter writer, NaiveTree naive, Presence presence, long salt) {
    Random random = new Random(seed.value() + salt);
    for (int i = 0; i < ROUNDS; i++) {
      BlockKeys keys = forest.any(random);
      int to = random.nextInt(keys.count() + 1);
      if (random.nextBoolean()) {
        writer.store(keys, 0, to, presence);
        naive.store(keys, 0, to, presence);
      } else {
        for (int b = keys.count() - 1; b >= to; b--) {
          writer.remove(keys.key(b), presence);
          naive.remove(keys.key(b), presence);
        }
      }
    }
  }

  @Test
  void readersSeeUnchangedBlocksWhileOtherSlotsChangeTheSameNodes() throws Exception {
    int churning = 12;
    int replicas = churning + 3;
    NaiveTree[] naive = new NaiveTree[replicas];
    for (int slot = churning; slot < replicas; slot++) {
      IndexWriter steady = index.open(slot);
      naive[slot] = new NaiveTree();
      Random random = new Random(slot);
      for (int i = 0; i < 20; i++) {
        BlockKeys keys = forest.any(random);
        steady.store(keys, 0, keys.count(), Presence.GPU);
        naive[slot].store(keys, 0, keys.count(), Presence.GPU);
      }
    }
    AtomicInteger writing = new AtomicInteger(churning);
    List<Callable<Void>> tasks = new ArrayList<>();
    for (int slot = 0; slot < churning; slot++) {
      IndexWriter writer = index.open(slot);
      NaiveTree own = new NaiveTree();
      naive[slot] = own;
      int salt = slot;
      tasks.add(
          () -> {
            churn(writer, own, Presence.PREDICTED, salt);
            writing.decrementAndGet();
            return null;
          });
    }
    for (int reader = 0; reader < 2; reader++) {
      int number = reader + 1;
      tasks.add(
          () -> {
            int[] matched = new int[replicas];
            Random random = new Random(seed.value() - number);
            while (writing.get() > 0) {
              BlockKeys asked = forest.any(random);
              index.match(asked, matched);
              for (int slot = churning; slot < replicas; slot++) {
                assertThat(matched[slot]).isEqualTo(naive[slot].match(asked));
              }
            }
            return null;
          });
    }
    runAll(tasks);
    assertAnswersAs(naive);
  }

  @Test
  void twoWritersOfOneSlotKeepItsCountOfHolesRight() throws Exception {
    IndexWriter writer = index.open(0);
    NaiveTree predicted = new NaiveTree();
    NaiveTree confirmed = new NaiveTree();
    runAll(
        List.of(
            () -> {
              churn(writer, predicted, Presence.PREDICTED, 1);
              return null;
            },
            () -> {
              churn(writer, confirmed, Presence.GPU, 2);
              return null;
            }));
    predicted.add(confirmed);
    assertAnswersAs(predicted);
    assertThat(writer.blocks()).isEqualTo(predicted.blocks());
  }

  @Test
  void blocksWrittenDuringAClearNeverShowInTheNextOwnerOfTheSlot() throws Exception {
    for (int slot = 0; slot < 20; slot++) {
      int here = slot;
      IndexWriter gone = index.open(slot);
      runAll(
          List.of(
              () -> {
                Random random = new Random(here);
                for (int i = 0; i < 200; i++) {
                  BlockKeys keys = forest.any(random);
                  gone.store(keys, 0, keys.count(), Presence.GPU);
                }
                return null;
              },
              () -> {
                for (int i = 0; i < 20; i++) {
                  gone.clear();
                  index.sweep(100);
                }
                gone.close();
                return null;
              }));
    }
    while (index.sweep(1000)) {
      assertThat(index.bytes()).isNotNegative();
    }
    assertThat(index.blocks()).isZero();
    NaiveTree[] empty = new NaiveTree[40];
    for (int slot = 0; slot < empty.length; slot++) {
      empty[slot] = new NaiveTree();
      index.open(slot);
    }
    assertAnswersAs(empty);
  }

  private void assertAnswersAs(NaiveTree... naive) {
    int[] matched = new int[naive.length];
    Random random = seed.random();
    for (int i = 0; i < 200; i++) {
      BlockKeys asked = forest.any(random);
      index.match(asked, matched);
      for (int slot = 0; slot < naive.length; slot++) {
        assertThat(matched[slot]).isEqualTo(naive[slot].match(asked));
      }
    }
  }
}
