package io.kvroute.loadtest.verify;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;

/** The recordings of a real vLLM in the test resources. */
final class Recorded {

  private Recorded() {}

  static Path file(String name) {
    URL url = Objects.requireNonNull(Recorded.class.getResource("/vllm-0.32/" + name), name);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
