package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import io.kvroute.tokenizer.jinja.values.Value;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Measures the time and the allocation of rendering a conversation with Qwen3's template. */
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TemplateBenchmark {

  /** Total characters of all messages. */
  @Param({"2000", "20000", "200000"})
  private int chars;

  @Param({"10", "100"})
  private int messages;

  private Template template = compile("");
  private Map<String, Value> variables = Map.of();

  @Setup
  public void prepare() throws IOException {
    String source = RenderCorpus.bundled().sources().get("llama.cpp/Qwen-Qwen3-0.6B.jinja");
    template = compile(source == null ? "" : source);
    List<Value> items = new ArrayList<>();
    String content =
        "The quick brown fox jumps over the lazy dog. ".repeat(chars / messages / 45 + 1);
    for (int i = 0; i < messages; i++) {
      LinkedHashMap<Value, Value> message = new LinkedHashMap<>();
      message.put(new Value.Str("role"), new Value.Str(i % 2 == 0 ? "user" : "assistant"));
      message.put(new Value.Str("content"), new Value.Str(content.substring(0, chars / messages)));
      items.add(new Value.Dict(message));
    }
    variables =
        Map.of(
            "messages", new Value.ListOf(items, false), "add_generation_prompt", Value.Bool.TRUE);
  }

  private static Template compile(String source) {
    try {
      return Template.compile(source);
    } catch (TemplateException e) {
      throw new IllegalStateException(e);
    }
  }

  @Benchmark
  public String render() throws RenderException {
    return template.render(variables, RenderLimits.DEFAULT, Clock.systemUTC());
  }

  public static void main(String[] args) throws RunnerException {
    System.out.println("On " + ManagementFactory.getOperatingSystemMXBean().getArch());
    new Runner(
            new OptionsBuilder()
                .include(TemplateBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
