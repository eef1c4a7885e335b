package io.kvroute.loadtest.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageTablesTest {

  private static final String TABLES =
      """
      ### Module `tokenizer`
      | package | is | may use |
      |---|---|---|
      | `tokenizer` | ids | `hub` |
      | `hub` | files | – |
      ### Module `router`
      | `prompt` | keys of a `prompt` | `keys`, `tokenizer.hub`, `tokenizer` |
      ## Threads
      | `models` | is no package | `keys` |
      """;

  @Test
  void readsTheRowsOfEveryModule() {
    assertThat(PackageTables.parse(TABLES.lines().toList()))
        .isEqualTo(
            Map.of(
                "io.kvroute.tokenizer",
                Set.of("io.kvroute.tokenizer.hub"),
                "io.kvroute.tokenizer.hub",
                Set.of(),
                "io.kvroute.router.prompt",
                Set.of(
                    "io.kvroute.router.keys", "io.kvroute.tokenizer.hub", "io.kvroute.tokenizer")));
  }

  @Test
  void refusesTwoRowsForOnePackage() {
    List<String> twice = List.of("### Module `router`", "| `keys` | | – |", "| `keys` | | – |");
    assertThatThrownBy(() -> PackageTables.parse(twice)).hasMessageContaining("router.keys");
  }

  @Test
  void findsNoDifferenceWhereTableAndCodeAgree() {
    Map<String, Set<String>> same = Map.of("a", Set.of("b"), "b", Set.of());
    assertThat(PackageTables.differences(same, same)).isEmpty();
  }

  @Test
  void reportsAPackageWithoutARow() {
    assertThat(PackageTables.differences(Map.of(), Map.of("a", Set.of("b"))))
        .containsExactly("a has no row; it uses [b]");
  }

  @Test
  void reportsARowWithoutAPackage() {
    assertThat(PackageTables.differences(Map.of("a", Set.of()), Map.of()))
        .containsExactly("a has a row but no classes");
  }

  @Test
  void reportsAForbiddenDependencyAndAnUnusedPermission() {
    assertThat(PackageTables.differences(Map.of("a", Set.of("b")), Map.of("a", Set.of("c"))))
        .containsExactly("a uses c, which its row forbids", "a may use b but does not");
  }
}
