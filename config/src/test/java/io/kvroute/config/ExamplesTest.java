package io.kvroute.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ExamplesTest {

  private static final Path EXAMPLES = Path.of("examples");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleLoads(Path example) throws Exception {
    assertThat(new ConfigSources().file(example).load().replicas()).hasSize(2);
  }

  @Test
  void theFullExampleShowsTheDefaults() throws Exception {
    Config full = new ConfigSources().file(EXAMPLES.resolve("full.yaml")).load();
    Config defaults = new ConfigSources().load();

    assertThat(full)
        .usingRecursiveComparison()
        .ignoringFields("replicas", "tokenizers", "chatTemplates", "blockSize", "blocks")
        .isEqualTo(defaults);
  }
}
