package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/**
 * For any bytes, the encoder returns ids or a clear error, and cached pieces never change the ids.
 * {@code JAZZER_FUZZ=1} searches for new inputs; without it only the saved inputs run.
 */
class PromptEncoderFuzzTest {

  private static final Qwen3 QWEN3 = new Qwen3();

  /** Loaded once, because loading takes longer than a million inputs. */
  private static final class Qwen3 {
    final PromptEncoder encoder;
    final LibraryTokenizer whole;

    Qwen3() {
      try {
        encoder =
            PromptEncoder.open(
                BundledModel.qwen3(),
                PromptEncoderOptions.defaults().withTrustRequestChatTemplate(true));
        whole = new LibraryTokenizer(BundledModel.qwen3().tokenizerJson());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @FuzzTest(maxDuration = "60s")
  void encodesOrRefusesAnyBody(byte[] body) {
    encodesOrRefuses(body);
  }

  @FuzzTest(maxDuration = "60s")
  void encodesOrRefusesAnyMessage(FuzzedDataProvider data) {
    String role = data.pickValue(new String[] {"user", "assistant", "system", "tool", "developer"});
    String extra = data.consumeString(200);
    encodesOrRefuses(
        ("{\"messages\": [{\"role\": \"" + role + "\", " + extra + "}]}")
            .getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest(maxDuration = "60s")
  void returnsTheIdsOfTheWholeText(FuzzedDataProvider data) throws PromptException {
    StringBuilder text = new StringBuilder();
    while (data.remainingBytes() > 0 && text.length() < 2_000) {
      text.append(
          data.consumeBoolean()
              ? data.pickValue(
                  new String[] {"<|im_start|>", "<|im_end|>", "<think>", "\n", " ", "\u0301", "<|"})
              : data.consumeString(20));
    }
    String valid =
        new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertThat(QWEN3.encoder.tokenizer().encode(valid, false))
        .isEqualTo(QWEN3.whole.encode(valid, false));
  }

  @Test
  void endsForBodiesBuiltToBeExpensive() {
    encodesOrRefuses("[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    encodesOrRefuses(("{\"messages\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8));
    encodesOrRefuses(
        ("{\"prompt\": " + "9".repeat(100_000) + "}").getBytes(StandardCharsets.UTF_8));
    encodesOrRefuses(
        ("{\"prompt\": \"" + "<|im_start".repeat(20_000) + "\"}").getBytes(StandardCharsets.UTF_8));
    encodesOrRefuses(
        ("{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"chat_template\":"
                + " \"{% for i in range(10**9) %}{{ i }}{% endfor %}\"}")
            .getBytes(StandardCharsets.UTF_8));
  }

  private static void encodesOrRefuses(byte[] body) {
    try {
      assertThat(QWEN3.encoder.encode(body).count()).isNotNegative();
    } catch (PromptException refused) {
      assertThat(refused.getMessage()).isNotEmpty();
    }
  }
}
