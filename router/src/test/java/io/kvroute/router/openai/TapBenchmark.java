package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The cost of reading a response while forwarding it: one chunk of a recorded stream from a pooled
 * direct buffer (a stream of 14 events with usage), and one complete recorded response of 1,008
 * bytes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TapBenchmark {

  private static final int CHUNKS = 15;

  private final ByteBuf[] chunks = new ByteBuf[CHUNKS];
  private ByteBuf answer = direct("");

  private static ByteBuf direct(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }

  @Setup
  public void recorded() {
    String[] events = Recordings.named("chat turn 2 stream").responseText().split("(?<=\n\n)", -1);
    for (int i = 0; i < CHUNKS; i++) {
      ByteBuf read = direct(events[i]);
      chunks[i] = read.readRetainedSlice(read.readableBytes());
      read.release();
    }
    answer.release();
    answer = direct(Recordings.named("chat warm").responseText());
  }

  @TearDown
  public void release() {
    for (ByteBuf chunk : chunks) {
      chunk.release();
    }
    answer.release();
  }

  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public Usage streamedChunk() {
    SseTap tap = new SseTap(CapturedPart.NOTHING);
    for (ByteBuf chunk : chunks) {
      tap.accept(chunk);
    }
    return tap.usage();
  }

  @Benchmark
  public Usage wholeAnswer() {
    JsonResponseTap tap = new JsonResponseTap(CapturedPart.NOTHING);
    tap.accept(answer);
    return tap.usage();
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include("\\." + TapBenchmark.class.getSimpleName())
                .addProfiler("gc")
                .build())
        .run();
  }
}
