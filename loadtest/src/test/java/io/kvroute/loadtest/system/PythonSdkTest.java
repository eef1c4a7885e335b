package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.cluster.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Sends requests of OpenAI's Python client through the router, with {@code python-sdk/check.py}.
 */
final class PythonSdkTest {

  private static final int NO_PYTHON = 77;

  @Test
  void thePythonSdkWorksUnchanged() throws Exception {
    try (Cluster cluster = Clusters.start(2, 2)) {
      Process check =
          new ProcessBuilder(
                  "sh",
                  Path.of("python-sdk", "check.sh").toString(),
                  cluster.url().resolve("/v1").toString(),
                  Cluster.MODEL,
                  Path.of("target", "python-sdk").toString())
              .redirectErrorStream(true)
              .start();
      String said = outputOf(check);
      int code = check.waitFor();
      System.out.println("PythonSdkTest:\n" + said.strip());
      Assumptions.assumeFalse(code == NO_PYTHON, said);
      assertThat(code).as(said).isZero();
      Clusters.awaitIdle(cluster);
    }
  }

  private static String outputOf(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
