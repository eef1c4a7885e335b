package io.kvroute.router.shadow;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * Measures the shadow of an engine whose 16,384 blocks are all in use, so that each new block
 * evicts another, in nanoseconds for each block: queuing and admitting unseen prompts of 512
 * blocks, growing answers by 64 blocks, and freeing a request's blocks. Prints the memory first.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx2g")
public class ShadowBenchmark {

  private static final int CAPACITY = 16_384;
  private static final int BLOCK_SIZE = 16;
  private static final int PROMPT_BLOCKS = 512;
  private static final int ANSWER_BLOCKS = 64;
  private static final int ANSWER_TOKENS = ANSWER_BLOCKS * BLOCK_SIZE;

  /** A full engine and one request, in the state in which the measurement begins. */
  @State(Scope.Thread)
  public static class Engine {
    private final Shadow shadow =
        new Shadow(new BlockIndex(1L << 30).open(0), CAPACITY + 1, BLOCK_SIZE);
    private final Random random = new Random(1);
    private @Nullable Sequence sequence;

    /** Fills the cache. */
    @Setup(Level.Trial)
    public void fill() {
      for (int i = 0; i <= CAPACITY / PROMPT_BLOCKS; i++) {
        enqueue(unseenPrompt());
        admit();
        free();
      }
    }

    PromptKeys unseenPrompt() {
      int[] ids = random.ints(PROMPT_BLOCKS * BLOCK_SIZE + 1, 0, 150_000).toArray();
      PromptKeys prompt = PromptKeys.of(PromptMode.TOKENS, 42, ids, ids.length);
      prompt.blocks(BLOCK_SIZE);
      return prompt;
    }

    void enqueue(PromptKeys prompt) {
      sequence = shadow.enqueue(prompt, 0);
    }

    void admit() {
      shadow.advance(0);
    }

    void grow() {
      Sequence current = Objects.requireNonNull(sequence);
      shadow.firstToken(current);
      for (int tokens = 8; tokens <= ANSWER_TOKENS; tokens += 8) {
        shadow.generated(current, tokens);
      }
    }

    void free() {
      Sequence current = Objects.requireNonNull(sequence);
      shadow.firstToken(current);
      shadow.finish(current, ANSWER_TOKENS);
    }
  }

  /** With an unseen prompt. */
  @State(Scope.Thread)
  public static class Unseen extends Engine {
    private PromptKeys prompt = PromptKeys.unknown(1);

    /** Ends the last request and makes the next one's keys. */
    @Setup(Level.Invocation)
    public void next() {
      free();
      prompt = unseenPrompt();
    }
  }

  /** With an admitted request. */
  @State(Scope.Thread)
  public static class Admitted extends Engine {
    /** Ends the last request and admits another. */
    @Setup(Level.Invocation)
    public void next() {
      free();
      enqueue(unseenPrompt());
      admit();
    }
  }

  /** With a request whose answer is complete. */
  @State(Scope.Thread)
  public static class Answered extends Engine {
    /** Brings another request to its last token. */
    @Setup(Level.Invocation)
    public void next() {
      enqueue(unseenPrompt());
      admit();
      grow();
    }
  }

  @Benchmark
  @OperationsPerInvocation(PROMPT_BLOCKS)
  public void admit(Unseen engine) {
    engine.enqueue(engine.prompt);
    engine.admit();
  }

  @Benchmark
  @OperationsPerInvocation(ANSWER_BLOCKS)
  public void grow(Admitted engine) {
    engine.grow();
  }

  @Benchmark
  @OperationsPerInvocation(PROMPT_BLOCKS + ANSWER_BLOCKS)
  public void free(Answered engine) {
    engine.free();
  }

  private static void printMemory() {
    int engines = 64;
    Engine[] kept = new Engine[engines];
    long before = heldBytes();
    for (int i = 0; i < engines; i++) {
      kept[i] = new Engine();
      kept[i].fill();
    }
    double each = (double) (heldBytes() - before) / engines;
    System.out.printf(
        Locale.ROOT,
        "memory of a full shadow of %,d blocks with its part of the index: %.1f KB for each 1,000"
            + " blocks%n",
        kept[0].shadow.capacity(),
        each / CAPACITY);
  }

  private static long heldBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  public static void main(String[] args) throws RunnerException {
    printMemory();
    new Runner(new OptionsBuilder().include(ShadowBenchmark.class.getSimpleName()).build()).run();
  }
}
