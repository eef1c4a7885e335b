package io.kvroute.loadtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Tests the command line of {@code simulate}. */
final class SimulateCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return LoadtestMain.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void printsARowForEachPolicyAndTheSameWhateverRunsAtOnce() {
    String[] command = {
      "simulate",
      "--scenario",
      "cold",
      "--policy",
      "kv-aware",
      "--policy",
      "round-robin",
      "--seeds",
      "2",
      "--threads",
      "2"
    };
    assertThat(run(command)).isZero();
    String first = out.toString();
    assertThat(first.lines())
        .hasSize(4)
        .anyMatch(line -> line.matches("\\| cold +\\| kv-aware +\\| +\\d+\\.\\d ± .*"));
    out.getBuffer().setLength(0);
    command[command.length - 1] = "1";
    assertThat(run(command)).isZero();
    assertThat(out.toString()).isEqualTo(first);
  }

  @Test
  void namesWhatItExpectedWhereAScenarioOrPolicyIsUnknown() {
    assertThat(run("simulate", "--scenario", "warm")).isEqualTo(2);
    assertThat(run("simulate", "--policy", "best")).isEqualTo(2);
    assertThat(run("simulate", "--seeds", "0")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--scenario: warm (expected: one of [cold, shared-prompts,")
        .contains("--policy: best (expected: one of [kv-aware,")
        .contains("--seeds: 0 (expected: >= 1)");
  }
}
