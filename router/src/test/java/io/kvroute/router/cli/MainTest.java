package io.kvroute.router.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MainTest {

  @TempDir private Path directory;

  @Test
  void helpIsPrintedToStandardOutputAndNamesEveryCommand() {
    Session session = Session.of("--help");

    assertThat(session.exitCode()).isZero();
    assertThat(session.out()).contains("check-config", "Exit codes");
    assertThat(session.err()).isEmpty();
  }

  @Test
  void theVersionIsTheOneInTheJar() {
    assertThat(Session.of("--version").out()).matches("kvroute \\d+\\.\\d+.*\\RJava \\d+.*\\R");
  }

  @Test
  void noCommandPrintsTheUsage() {
    Session session = Session.of();

    assertThat(session.exitCode()).isEqualTo(2);
    assertThat(session.err()).contains("Usage: kvroute", "check-config");
  }

  @Test
  void aWrongCommandOrFlagIsReportedInTwoLines() {
    Session command = Session.of("check-konfig", "x");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err()).contains("check-konfig", "check-config").hasLineCount(2);

    Session flag = Session.of("check-config", "--frob", "x");
    assertThat(flag.exitCode()).isEqualTo(2);
    assertThat(flag.err()).contains("--frob", "kvroute check-config --help").hasLineCount(2);
  }

  @Test
  void checkConfigPrintsOneLineForEachProblem() throws IOException {
    Path file = Files.writeString(directory.resolve("bad.yaml"), "policy: fast\nlisten: here\n");

    Session session = Session.of("check-config", file.toString());

    assertThat(session.exitCode()).isEqualTo(2);
    assertThat(session.err().lines())
        .containsExactlyInAnyOrder(
            file + ": listen: \"here\" (expected: HOST:PORT)",
            file
                + ": policy: \"fast\" (expected: kv-aware, prefix-hash, session, least-load,"
                + " power-of-two, round-robin, random)");
    assertThat(session.out()).isEmpty();
  }

  @Test
  void checkConfigSummarisesAValidFile() throws IOException {
    Path file = Files.writeString(directory.resolve("good.yaml"), "replicas: [http://a:1]\n");

    Session session = Session.of("check-config", file.toString());

    assertThat(session.exitCode()).isZero();
    assertThat(session.out()).isEqualTo(file + ": fine: policy kv-aware, 1 replica(s)\n");
  }
}
