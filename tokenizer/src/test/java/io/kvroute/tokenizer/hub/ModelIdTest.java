package io.kvroute.tokenizer.hub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelIdTest {

  @Test
  void readsNameAndRevision() {
    assertThat(ModelId.parse("Qwen/Qwen3-0.6B")).isEqualTo(new ModelId("Qwen/Qwen3-0.6B", "main"));
    assertThat(ModelId.parse("gpt2@refs/pr/1")).isEqualTo(new ModelId("gpt2", "refs/pr/1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/etc/passwd",
        "a/b/c",
        "../x",
        "a/..",
        "a/b@../../x",
        "a b",
        "a/b@",
        "a--b/c"
      })
  void refusesWhatIsNotAModelId(String text) {
    assertThat(ModelId.parse(text)).isNull();
  }
}
