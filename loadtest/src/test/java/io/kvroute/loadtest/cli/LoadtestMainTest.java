package io.kvroute.loadtest.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadtestMainTest {

  private static final String SEQUENCE = resource("sequence.jsonl.gz");
  private static final String EVENTS = resource("sequence-kv-events.jsonl.gz");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void verifyEngineSucceedsOnARecordingThatTheModelReproduces() {
    int code =
        run("verify-engine", SEQUENCE, "--events", EVENTS, "--blocks", "256", "--block-size", "32");

    assertThat(code).isZero();
    assertThat(out.toString()).contains("240 of 240 requests agree", "the same in the same order");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void verifyEngineFailsAndShowsTheFirstDifferences() {
    int code =
        run("verify-engine", SEQUENCE, "--events", EVENTS, "--blocks", "255", "--block-size", "32");

    assertThat(code).isEqualTo(1);
    assertThat(out.toString()).contains("engine cached", "they differ:", "change ");
  }

  @Test
  void aMissingFileIsOneLine() {
    int code = run("verify-engine", "missing.jsonl", "--blocks", "256", "--block-size", "32");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("kvroute-loadtest verify-engine: missing.jsonl: no such file");
  }

  @Test
  void aBadLineIsNamed() {
    int code = run("verify-engine", EVENTS, "--blocks", "256", "--block-size", "32");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString().strip()).endsWith("line 1: prompt: missing");
  }

  @Test
  void wrongUsageIsOneLineAndExitsWithTwo() {
    assertThat(run("verify-engine", SEQUENCE, "--blocks", "1", "--block-size", "32")).isEqualTo(2);
    assertThat(err.toString().strip())
        .isEqualTo("kvroute-loadtest verify-engine: blocks: 1 (expected: >= 2)");

    assertThat(run("verify-engine", SEQUENCE)).isEqualTo(2);
    assertThat(run("nonsense")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
  }

  @Test
  void helpIsPrintedForCommandsToo() {
    assertThat(run("verify-engine", "--help")).isZero();
    assertThat(out.toString()).contains("--block-size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "demo", "replica", "simulate", "verify-engine"})
  void helpDrawsNoWarningFromPicocli(String command) {
    PrintStream stderr = System.err;
    ByteArrayOutputStream warnings = new ByteArrayOutputStream();
    System.setErr(new PrintStream(warnings, true, UTF_8));
    try {
      assertThat(command.isEmpty() ? run("--help") : run(command, "--help")).isZero();
    } finally {
      System.setErr(stderr);
    }

    assertThat(warnings.toString(UTF_8)).isEmpty();
  }

  private int run(String... args) {
    return LoadtestMain.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  private static String resource(String name) {
    return Path.of("src/test/resources/vllm-0.32", name).toString();
  }
}
