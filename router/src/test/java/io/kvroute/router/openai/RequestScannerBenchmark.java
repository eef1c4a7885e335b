package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Scans a chat request of so many kilobytes; Jackson's streaming parser for comparison. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RequestScannerBenchmark {

  private static final JsonMapper MAPPER = new JsonMapper();

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
        ("{\"model\":\"qwen3\",\"temperature\":0.7,\"messages\":["
                + turns.substring(0, turns.length() - 1)
                + "],\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":64}")
            .getBytes(UTF_8);
  }

  @Benchmark
  public ApiRequest scan() throws ApiException {
    return RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body);
  }

  @Benchmark
  public String jacksonStreaming() {
    String model = "";
    try (JsonParser parser = MAPPER.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean isModel = parser.currentName().equals("model");
        parser.nextToken();
        if (isModel) {
          model = parser.getString();
        } else {
          parser.skipChildren();
        }
      }
    }
    return model;
  }

  public static void main(String[] args) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(RequestScannerBenchmark.class.getSimpleName())
                .addProfiler("gc")
                .build())
        .run();
  }
}
