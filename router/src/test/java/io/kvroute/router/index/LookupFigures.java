package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;

/**
 * Measures the look-ups of {@link LookupBenchmark} one by one in CPU time. Use it on a busy
 * machine, where percentiles of wall time show only the scheduler. A program, not a test.
 */
final class LookupFigures {

  private static final int WARM_UP = 3_000;
  private static final int MEASURED = 10_000;

  private LookupFigures() {}

  public static void main(String[] args) {
    String[] shapes = args.length > 0 ? args[0].split(",") : new String[] {"flat"};
    for (int replicas : new int[] {8, 64, 1000}) {
      for (String shape : shapes) {
        BigTree tree = new BigTree();
        IndexUnderTest index = IndexUnderTest.make(shape, replicas);
        tree.fill(index, replicas);
        System.out.printf(
            "%-10s %4d replicas of %,d blocks: every replica elsewhere %s, conversation %s,"
                + " unknown %s%n",
            shape,
            replicas,
            tree.stored / replicas,
            measure(index, tree.hot, replicas),
            measure(index, tree.cold, replicas),
            measure(index, tree.unknown, replicas));
      }
    }
  }

  private static String measure(IndexUnderTest index, BlockKeys[] prompts, int replicas) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    int[] matched = new int[replicas];
    long[] nanos = new long[MEASURED];
    for (int i = -WARM_UP; i < MEASURED; i++) {
      BlockKeys prompt = prompts[Math.floorMod(i * 7, prompts.length)];
      long start = threads.getCurrentThreadCpuTime();
      index.match(prompt, matched);
      long cpuNanos = threads.getCurrentThreadCpuTime() - start;
      if (i >= 0) {
        nanos[i] = cpuNanos;
      }
    }
    Arrays.sort(nanos);
    return "p50 %.1f p99 %.1f us"
        .formatted(nanos[MEASURED / 2] / 1e3, nanos[MEASURED * 99 / 100] / 1e3);
  }
}
