package io.kvroute.router.index;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Look-up of a prompt of 8,000 blocks (128k tokens at 16) in a tree of 1,000,000 blocks: the flat
 * index, a path-compressed tree and a plain map.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-Xmx6g")
public class LookupBenchmark {

  @Param({"flat", "compressed", "map"})
  String shape = "flat";

  @Param({"8", "64", "1000"})
  int replicas;

  private final BigTree tree = new BigTree();
  private IndexUnderTest index = new MapIndex(1);
  private int[] matched = {};
  private int turn;

  @Setup(Level.Trial)
  public void fill() {
    index = IndexUnderTest.make(shape, replicas);
    tree.fill(index, replicas);
    matched = new int[replicas];
    System.out.printf(
        "%n%s, %d replicas: %,d blocks held by each on average%n",
        shape, replicas, tree.stored / replicas);
  }

  /** Every replica holds a different number of the prompt's blocks. */
  @Benchmark
  public int everyReplicaElsewhere() {
    index.match(tree.hot[turn++ % tree.hot.length], matched);
    return matched[0];
  }

  /** A conversation that few replicas hold, after a system prompt that all hold. */
  @Benchmark
  public int conversation() {
    index.match(tree.cold[turn++ % tree.cold.length], matched);
    return matched[0];
  }

  /** A prompt that no replica holds. */
  @Benchmark
  public int unknown() {
    index.match(tree.unknown[turn++ % tree.unknown.length], matched);
    return matched[0];
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(args.length > 0 ? args[0] : LookupBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
