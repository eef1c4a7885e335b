package io.kvroute.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Runs the launchers' own tests, which are in shell as they are. */
final class LauncherTest {

  @Test
  void theLaunchersFindBuildAndRun() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no POSIX shell here");
    Process process =
        new ProcessBuilder("/bin/sh", "../bin/test/launch-test.sh")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("ok      ").doesNotContain("FAILED");
  }
}
