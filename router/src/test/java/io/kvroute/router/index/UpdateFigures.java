package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.MadeKeys;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Measures the CPU time of updates, and the memory of each index structure as the difference of the
 * used heap. Texts grow as conversations do, 32 blocks at a time, and are removed as engines evict:
 * from their ends, four blocks at a time. A program, not a test.
 */
final class UpdateFigures {

  private static final int TEXTS = 250;
  private static final int BLOCKS = 4_000;
  private static final int TURN = 32;
  private static final int EVICTED = 4;

  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Random random = new Random(1);
  private final List<BlockKeys> texts = new ArrayList<>();

  private UpdateFigures() {
    for (int i = 0; i < TEXTS; i++) {
      texts.add(MadeKeys.of(random.longs(BLOCKS).toArray()));
    }
  }

  public static void main(String[] args) {
    String[] shapes = args.length > 0 ? args[0].split(",") : new String[] {"flat"};
    for (String shape : shapes) {
      for (int holders : new int[] {1, 3, 8, 64}) {
        for (int replicas : new int[] {64, 1000}) {
          if (holders == 1 || replicas == 1000) {
            new UpdateFigures().run(shape, replicas, holders);
          }
        }
      }
    }
  }

  private void run(String shape, int replicas, int holders) {
    long before = heap();
    IndexUnderTest index = IndexUnderTest.make(shape, replicas);
    long start = threads.getCurrentThreadCpuTime();
    for (int from = 0; from < BLOCKS; from += TURN) {
      for (int text = 0; text < TEXTS; text++) {
        for (int h = 0; h < holders; h++) {
          index.store((text * 7 + h) % replicas, texts.get(text), from, from + TURN);
        }
      }
    }
    long stored = threads.getCurrentThreadCpuTime() - start;
    long bytes = heap() - before;
    start = threads.getCurrentThreadCpuTime();
    for (int to = BLOCKS; to > 0; to -= EVICTED) {
      for (int text = 0; text < TEXTS; text++) {
        for (int h = 0; h < holders; h++) {
          index.remove((text * 7 + h) % replicas, texts.get(text), to - EVICTED, to);
        }
      }
    }
    long removed = threads.getCurrentThreadCpuTime() - start;
    double each = (double) TEXTS * BLOCKS * holders;
    System.out.printf(
        "%-10s %4d replicas, %d holders of each of %,d blocks: store %.0f ns, remove %.0f ns a"
            + " holder, %.1f bytes a block%n",
        shape,
        replicas,
        holders,
        TEXTS * BLOCKS,
        stored / each,
        removed / each,
        bytes / (double) (TEXTS * BLOCKS));
  }

  private static long heap() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 4; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
