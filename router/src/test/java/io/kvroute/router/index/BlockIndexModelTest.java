package io.kvroute.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.testing.TestSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the index with one plain tree for each replica, over random operations. */
final class BlockIndexModelTest {

  private static final Presence[] PRESENCES = Presence.values();

  @RegisterExtension private final TestSeed seed = new TestSeed();
  private final int operations;
  private Random random = new Random(0);
  private BlockIndex index = new BlockIndex(Long.MAX_VALUE);
  private IndexWriter[] writers = {};
  private NaiveTree[] naive = {};
  private int[] matched = {};
  private int[] expected = {};

  BlockIndexModelTest() {
    operations = Integer.getInteger("kvroute.model.operations", 500_000);
  }

  private void start(int replicas, long maxBytes) {
    random = seed.random();
    index = new BlockIndex(maxBytes);
    writers = new IndexWriter[replicas];
    naive = new NaiveTree[replicas];
    matched = new int[replicas];
    expected = new int[replicas];
    for (int i = 0; i < replicas; i++) {
      writers[i] = index.open(i);
      naive[i] = new NaiveTree();
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 100, 60", "40, 60, 40", "150, 40, 30", "1000, 8, 30"})
  void answersAsOneNaiveTreeForEachReplicaWould(int replicas, int chains, int maxBlocks) {
    start(replicas, Long.MAX_VALUE);
    Forest forest = new Forest(random, chains, maxBlocks);
    for (int done = 0; done < operations; ) {
      done += operate(random.nextInt(replicas), forest.any(random));
      BlockKeys asked = forest.any(random);
      index.match(asked, matched);
      Arrays.setAll(expected, i -> naive[i].match(asked));
      assertThat(matched).isEqualTo(expected);
    }
    for (int i = 0; i < replicas; i++) {
      assertThat(writers[i].blocks()).isEqualTo(naive[i].blocks());
    }
  }

  @Test
  void freesAllMemoryAfterAllSlotsAreClosed() {
    start(20, Long.MAX_VALUE);
    Forest forest = new Forest(random, 100, 50);
    for (int done = 0; done < operations / 4; ) {
      done += operate(random.nextInt(20), forest.any(random));
    }
    for (IndexWriter writer : writers) {
      writer.close();
    }
    while (index.sweep(64)) {
      assertThat(index.blocks()).isNotNegative();
    }

    assertThat(index.blocks()).isZero();
    assertThat(index.bytes()).isLessThan(20_000);
  }

  @Test
  void staysWithinItsMemoryAndStillMatchesWhatItHolds() {
    long maxBytes = 60_000;
    start(10, maxBytes);
    Forest forest = new Forest(random, 2_000, 60);
    for (int done = 0; done < operations / 4; ) {
      done += operate(random.nextInt(10), forest.any(random));
      assertThat(index.bytes()).isLessThanOrEqualTo(maxBytes);
      BlockKeys asked = forest.any(random);
      index.match(asked, matched);
      Arrays.setAll(expected, i -> walk(writers[i], asked));
      assertThat(matched).isEqualTo(expected);
    }
  }

  private static int walk(IndexWriter writer, BlockKeys keys) {
    int n = 0;
    while (n < keys.matchable() && writer.holds(keys.key(n))) {
      n++;
    }
    return n;
  }

  /** Applies one random operation to one replica; returns how many blocks it touched. */
  private int operate(int i, BlockKeys keys) {
    Presence presence = PRESENCES[random.nextInt(PRESENCES.length)];
    int what = random.nextInt(1000);
    if (what < 450) {
      return store(i, keys, 0, random.nextInt(keys.count() + 1), presence);
    } else if (what < 600) {
      int from = random.nextInt(keys.count());
      return store(i, keys, from, from + random.nextInt(keys.count() - from + 1), presence);
    } else if (what < 800) {
      int to = random.nextInt(keys.count() + 1);
      for (int b = keys.count() - 1; b >= to; b--) {
        removeAll(i, keys.key(b));
      }
      return keys.count() - to;
    } else if (what < 950) {
      long key = keys.key(random.nextInt(keys.count()));
      writers[i].remove(key, presence);
      naive[i].remove(key, presence);
    } else if (what < 990) {
      removeAll(i, keys.key(random.nextInt(keys.count())));
    } else if (what < 993) {
      writers[i].clear();
      naive[i].clear();
    } else if (what < 995) {
      writers[i] = index.open(i);
      naive[i].clear();
    } else {
      index.sweep(random.nextInt(100));
    }
    return 1;
  }

  private int store(int i, BlockKeys keys, int from, int to, Presence presence) {
    writers[i].store(keys, from, to, presence);
    naive[i].store(keys, from, to, presence);
    return to - from;
  }

  private void removeAll(int i, long key) {
    for (Presence presence : PRESENCES) {
      writers[i].remove(key, presence);
      naive[i].remove(key, presence);
    }
  }
}
