package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.openai.JsonSyntaxException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** The cost of text mode for a chat request of so many kilobytes, from body to pseudo-ids. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CanonicalTextBenchmark {

  @Param({"1", "16", "128"})
  public int kilobytes;

  private byte[] body = {};

  @Setup
  public void makeBody() {
    String turn =
        "{\"role\":\"user\",\"content\":\"It costs \\\"nothing\\\"\\n\\nto ask: "
            + "what does the second paragraph of the policy say about refunds? ".repeat(12)
            + "\"},";
    String turns = turn.repeat(Math.max(1, kilobytes * 1024 / turn.length()));
    body =
        ("{\"model\":\"qwen3\",\"messages\":[" + turns.substring(0, turns.length() - 1) + "]}")
            .getBytes(UTF_8);
  }

  @Benchmark
  public int[] pseudoIds() throws JsonSyntaxException {
    return CanonicalText.of(body).pseudoIds();
  }

  @Benchmark
  public long conversation() throws JsonSyntaxException {
    return CanonicalText.headOf(body).conversation();
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include("\\." + CanonicalTextBenchmark.class.getSimpleName())
                .addProfiler("gc")
                .build())
        .run();
  }
}
