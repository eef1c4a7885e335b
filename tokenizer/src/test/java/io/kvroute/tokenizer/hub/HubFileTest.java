package io.kvroute.tokenizer.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubFileTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @Test
  void prefersTheHeadersOfTheLinkedFile() throws Exception {
    Map<String, String> headers =
        Map.of(
            "x-repo-commit", COMMIT,
            "etag", "W/\"abc\"",
            "content-length", "17",
            "x-linked-etag", "\"def\"",
            "x-linked-size", "12345678901");
    assertThat(parse(headers)).isEqualTo(new HubFile(COMMIT, "def", 12_345_678_901L));
    assertThat(parse(Map.of("x-repo-commit", COMMIT, "etag", "W/\"abc\"")))
        .isEqualTo(new HubFile(COMMIT, "abc", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"\"", "../../x", "\"a/b\"", "a b", ".", "\"..\"", "a\u0000"})
  void refusesEtagsThatCannotBeFileNames(String etag) {
    assertThatThrownBy(() -> parse(Map.of("x-repo-commit", COMMIT, "etag", etag)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("etag");
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "", "0123", "../../../../etc"})
  void refusesInvalidCommits(String commit) {
    assertThatThrownBy(() -> parse(Map.of("x-repo-commit", commit, "etag", "a")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x-repo-commit");
  }

  @FuzzTest(maxDuration = "60s")
  void neverPointsOutsideTheCache(FuzzedDataProvider data) {
    Map<String, String> headers = new HashMap<>();
    headers.put("x-repo-commit", data.consumeBoolean() ? COMMIT : data.consumeString(50));
    headers.put("etag", data.consumeString(150));
    headers.put("content-length", data.consumeString(20));
    if (data.consumeBoolean()) {
      headers.put("x-linked-etag", data.consumeRemainingAsString());
    }
    try {
      HubFile file = parse(headers);
      assertThat(file.commit()).matches("[0-9a-f]{40}");
      assertThat(file.etag()).matches("[A-Za-z0-9_-]{1,128}");
      assertThat(file.size()).isGreaterThanOrEqualTo(-1);
    } catch (IOException refused) {
      assertThat(refused.getMessage()).contains("expected");
    }
  }

  private static HubFile parse(Map<String, String> headers) throws IOException {
    return HubFile.parse(name -> Optional.ofNullable(headers.get(name)));
  }
}
