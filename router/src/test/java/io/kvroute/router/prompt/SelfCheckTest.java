package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.PromptMode;
import io.kvroute.tokenizer.BundledModel;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.PromptException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Checks Qwen3's real template and tokenizer against engines with the same or a slightly different
 * one.
 */
class SelfCheckTest {

  private static final PromptEncoder QWEN3 = qwen3(PromptEncoderOptions.defaults());

  private final List<PromptKind> mismatched = new ArrayList<>();
  private final TokenAgreement agreement = new TokenAgreement(() -> 0);
  private final ModelEncoders encoders =
      new ModelEncoders(
          Map.of(),
          model -> PromptEncoderOptions.defaults(),
          (location, options) -> ModelEncoder.of(QWEN3),
          Runnable::run,
          () -> 0);
  private final SelfCheck check =
      new SelfCheck(
          encoders,
          agreement,
          new PromptObserver() {
            @Override
            public void completed(Stage stage, long nanos) {}

            @Override
            public void mismatched(String model, PromptKind kind) {
              mismatched.add(kind);
            }
          });

  private static PromptEncoder qwen3(PromptEncoderOptions options) {
    try {
      return PromptEncoder.open(BundledModel.qwen3(), options);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void serve() {
    encoders.served(List.of("m"), "org/m", null);
  }

  private static SelfCheck.TokenizeEndpoint engine(PromptEncoder encoder) {
    return tokenizeBody -> {
      try {
        return CompletableFuture.completedFuture(encoder.encode(tokenizeBody).ids());
      } catch (PromptException e) {
        throw new AssertionError(new String(tokenizeBody, UTF_8), e);
      }
    };
  }

  /** An engine that renders the start of every prompt with tools differently. */
  private static SelfCheck.TokenizeEndpoint otherTools() {
    SelfCheck.TokenizeEndpoint right = engine(QWEN3);
    return tokenizeBody ->
        right
            .ids(tokenizeBody)
            .thenApply(
                ids -> {
                  if (new String(tokenizeBody, UTF_8).contains("\"tools\"")) {
                    ids[2] = 7;
                  }
                  return ids;
                });
  }

  private SelfCheck.Findings check(String replica, SelfCheck.TokenizeEndpoint engine) {
    return check.check(replica, "m", engine).join();
  }

  @Test
  void findsNothingWhenTheEngineTokenizesTheSameWay() {
    SelfCheck.Findings findings = check("r1", engine(QWEN3));

    assertThat(findings.compared()).isEqualTo(SampleRequest.ALL.size());
    assertThat(findings.warnings()).isEmpty();
    assertThat(mismatched).isEmpty();
  }

  @Test
  void reportsTheKindAndTheFirstDifferingTokenAndMovesThatKindOneModeDown() {
    SelfCheck.Findings findings = check("r1", otherTools());

    assertThat(findings.warnings()).hasSize(1);
    assertThat(findings.warnings().getFirst())
        .startsWith("model m, tools requests: tokens differ from index 2 on (engine 7, router");
    assertThat(mismatched).containsExactly(PromptKind.TOOLS, PromptKind.TOOLS, PromptKind.TOOLS);
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.TOKENS)).isFalse();
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.ENGINE_TOKENS)).isTrue();
    assertThat(agreement.trusts("m", PromptKind.PLAIN, PromptMode.TOKENS)).isTrue();
    assertThat(agreement.trusts("other", PromptKind.TOOLS, PromptMode.TOKENS)).isTrue();
  }

  @Test
  void matchingCountsDoNotConfirmIdsButAnotherCheckDoes() {
    check("r1", otherTools());
    agreement.reported("m", PromptKind.TOOLS, PromptMode.TOKENS, 5, 5);
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.TOKENS)).isFalse();

    check("r1", engine(QWEN3));
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.TOKENS)).isTrue();
  }

  @Test
  void oneDifferingReplicaAmongManyDoesNotDecideAndIsForgottenWhenItLeaves() {
    check("r1", otherTools());
    check("r2", engine(QWEN3));
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.TOKENS)).isTrue();

    check("r3", otherTools());
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.TOKENS)).isFalse();

    check.forget("r3");
    assertThat(agreement.trusts("m", PromptKind.TOOLS, PromptMode.TOKENS)).isTrue();
  }

  @Test
  void detectsAnotherTemplate() {
    String template =
        "{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}<|im_end|>{% endfor %}";
    PromptEncoder other = qwen3(PromptEncoderOptions.defaults().withChatTemplate(template));

    SelfCheck.Findings findings = check("r1", engine(other));

    assertThat(findings.warnings().toString())
        .contains("plain requests", "tools requests", "thinking requests")
        .doesNotContain("completion");
    assertThat(agreement.trusts("m", PromptKind.COMPLETION, PromptMode.TOKENS)).isTrue();
  }

  @Test
  void anEngineWithoutTokenizeCausesNoWarning() {
    SelfCheck.Findings findings =
        check("r1", tokenizeBody -> CompletableFuture.failedFuture(new TimeoutException("no ids")));

    assertThat(findings).isEqualTo(SelfCheck.Findings.NONE);
    assertThat(check.check("r1", "unknown", engine(QWEN3)).join())
        .isEqualTo(SelfCheck.Findings.NONE);
    assertThat(mismatched).isEmpty();
  }
}
