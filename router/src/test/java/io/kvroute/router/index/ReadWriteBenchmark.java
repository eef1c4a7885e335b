package io.kvroute.router.index;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.MadeKeys;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * One thread stores and removes blocks while another looks up prompts of 8,000 blocks, both in a
 * tree of 1,000,000 blocks that 64 replicas hold. The writer's figure is stored blocks per second.
 */
@State(Scope.Group)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 4, time = 3)
@Fork(value = 1, jvmArgs = "-Xmx4g")
public class ReadWriteBenchmark {

  private static final int REPLICAS = 64;
  private static final int BATCH = 64;
  private static final int KEPT = 512;

  private final BigTree tree = new BigTree();
  private final IndexUnderTest index = IndexUnderTest.make("flat", REPLICAS);
  private final BlockKeys[] recent = new BlockKeys[KEPT];
  private final int[] matched = new int[REPLICAS];
  private final Random random = new Random(2);
  private int written;
  private int read;

  @Setup(Level.Trial)
  public void fill() {
    tree.fill(index, REPLICAS);
    System.out.printf("%,d blocks held by each replica%n", tree.stored / REPLICAS);
  }

  @Benchmark
  @Group("oneWriterOneReader")
  @OperationsPerInvocation(BATCH)
  public void store() {
    int at = written++ % KEPT;
    int slot = at % REPLICAS;
    BlockKeys old = recent[at];
    if (old != null) {
      index.remove(slot, old, 0, BATCH);
    }
    recent[at] = MadeKeys.of(random.longs(BATCH).toArray());
    index.store(slot, recent[at], 0, BATCH);
  }

  @Benchmark
  @Group("oneWriterOneReader")
  public int lookUp() {
    index.match(tree.cold[read++ % tree.cold.length], matched);
    return matched[0];
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(ReadWriteBenchmark.class.getSimpleName()).build())
        .run();
  }
}
