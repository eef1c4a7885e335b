package io.kvroute.router.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mistakes that a new user makes with {@code serve}. */
final class ServeCommandTest {

  private static final String NOWHERE = "http://127.0.0.1:9";

  @TempDir private Path directory;

  private static Session serve(String... flags) {
    String[] args = new String[flags.length + 1];
    args[0] = "serve";
    System.arraycopy(flags, 0, args, 1, flags.length);
    return Session.of(StopSignal.Ending::run, args);
  }

  @Test
  void printsItsAddressesInOneLineAndStopsOnTheSignal() {
    Session session =
        serve("--replica", NOWHERE, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0");

    assertThat(session.exitCode()).isZero();
    assertThat(session.out())
        .matches(
            "kvroute listens on 127.0.0.1:\\d+, admin on 127.0.0.1:\\d+; policy kv-aware;"
                + " 1 replica\\(s\\): http://127.0.0.1:9\\R");
  }

  @Test
  void noReplicaIsWrongUsage() {
    Session session = serve();

    assertThat(session.exitCode()).isEqualTo(2);
    assertThat(session.err()).hasLineCount(1).contains("no replica", "--replica http://HOST:PORT");
  }

  @Test
  void aPortInUseIsReportedInOneLine() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      Session data = serve("--replica", NOWHERE, "--listen", address);
      assertThat(data.exitCode()).isEqualTo(1);
      assertThat(data.err()).hasLineCount(1).contains(address, "in use", "--listen");

      Session admin =
          serve("--replica", NOWHERE, "--listen", "127.0.0.1:0", "--admin-listen", address);
      assertThat(admin.exitCode()).isEqualTo(1);
      assertThat(admin.err()).hasLineCount(1).contains(address, "in use", "--admin-listen");
    }
  }

  @Test
  void everyWrongFlagIsReported() {
    Session session =
        serve("--replica", "10.0.0.1:8000", "--policy", "fast", "--blocks", "-1", "--listen", "x");

    assertThat(session.exitCode()).isEqualTo(2);
    assertThat(session.err()).hasLineCount(4).contains("--replica: url: \"10.0.0.1:8000\"");
  }

  @Test
  void aFlagOverridesTheFileAndAMissingTemplateIsReportedAtTheStart() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("kvroute.yaml"),
            "replicas: ['" + NOWHERE + "']\npolicy: random\nchat-templates: /gone.jinja\n");

    Session session = serve("--config", file.toString(), "--listen", "127.0.0.1:0");

    assertThat(session.exitCode()).isEqualTo(1);
    assertThat(session.err()).hasLineCount(1).contains("chat template /gone.jinja");
  }

  @Test
  void theHelpNamesEveryFlagOfTheContract() {
    assertThat(Session.of("serve", "--help").out())
        .contains(
            "--replica",
            "--tokenizer",
            "--policy",
            "--listen",
            "--admin-listen",
            "--routing-headers",
            "--config",
            "--chat-template",
            "--block-size",
            "--blocks");
  }
}
