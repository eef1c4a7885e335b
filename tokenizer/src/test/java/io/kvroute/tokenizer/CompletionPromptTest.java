package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CompletionPromptTest {

  private static PromptEncoder qwen3;

  @BeforeAll
  static void load() throws Exception {
    qwen3 = PromptEncoder.open(BundledModel.qwen3(), PromptEncoderOptions.defaults());
  }

  @Test
  void encodesText() throws Exception {
    assertThat(ids("{'prompt': 'Hello world'}")).containsExactly(9707, 1879);
  }

  @Test
  void takesIdsAsTheyAre() throws Exception {
    assertThat(ids("{'prompt': [1, 2, 3]}")).containsExactly(1, 2, 3);
  }

  @Test
  void takesTheFirstOfSeveralPrompts() throws Exception {
    assertThat(ids("{'prompt': ['Hello world', 'x']}")).containsExactly(9707, 1879);
    assertThat(ids("{'prompt': [[7, 8], [9]]}")).containsExactly(7, 8);
  }

  @Test
  void refusesALoneSurrogateWhenTokenizing() {
    assertThatThrownBy(() -> ids("{'prompt': 'x\\ud800y'}"))
        .isInstanceOfSatisfying(
            PromptException.class,
            e -> assertThat(e.stage()).isEqualTo(PromptException.Stage.TOKENIZE));
  }

  @Test
  void decodesWhatItEncoded() throws Exception {
    String text = "naïve 🎌 text <|im_end|>\n";
    assertThat(qwen3.tokenizer().decode(qwen3.tokenizer().encode(text, false), false))
        .isEqualTo(text);
  }

  private static int[] ids(String json) throws PromptException {
    return qwen3.encode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)).ids();
  }
}
