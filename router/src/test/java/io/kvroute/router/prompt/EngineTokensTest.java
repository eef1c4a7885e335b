package io.kvroute.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import java.io.FileNotFoundException;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Prompts that only an engine can tokenize. */
final class EngineTokensTest extends PipelineFixture {

  private void pipelineWithoutTokenizer() {
    pipeline(
        (location, options) -> {
          throw new FileNotFoundException("org/m: no tokenizer.json");
        },
        1 << 20);
    engines.open = true;
  }

  @Test
  void asksAnEngineForTokensThatCannotBeComputedLocally() throws InterruptedException {
    pipelineWithoutTokenizer();

    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.complete(new int[] {7, 8, 9});
    runLoopOnce();

    PromptKeys keys = results.remove();
    assertThat(keys.mode()).isEqualTo(PromptMode.ENGINE_TOKENS);
    assertThat(keys.ids()).containsExactly(7, 8, 9);
    assertThat(engines.questions).hasSize(1);
    assertThat(engines.questions.getFirst()).contains("\"messages\":[{\"role\":\"user\"");
    assertThat(pipeline.modes())
        .isEqualTo(Map.of("m", Map.of(PromptKind.PLAIN, PromptMode.ENGINE_TOKENS)));
  }

  @Test
  void asksForTheSamePromptOnce() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.complete(new int[] {7, 8, 9});
    runLoopOnce();
    runLoopOnce();

    assertThat(now(chat("hi")).ids()).containsExactly(7, 8, 9);
    assertThat(results).hasSize(2);
    assertThat(engines.questions).hasSize(1);
  }

  @Test
  void anEnginesTokensHaveTheSameKeysAsLocalOnes() throws InterruptedException {
    pipelineWithoutTokenizer();
    ApiRequest request = request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"hi\"}");
    pipeline.keysOf(request, loop::add, results::add);
    engines.answer.complete(new int[] {7, 8, 9, 10});
    runLoopOnce();
    BlockKeys asked = results.remove().blocks(2);

    PromptKeys brought =
        now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[7,8,9,10]}"));
    assertThat(brought.blocks(2).key(1)).isEqualTo(asked.key(1));
  }

  @Test
  void usesTextWhenNoEngineAnswersAndKeepsTheConversationThere() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.completeExceptionally(new TimeoutException("slow"));
    runLoopOnce();

    assertThat(results.remove().mode()).isEqualTo(PromptMode.TEXT);
    assertThat(now(chat("hi")).mode()).isEqualTo(PromptMode.TEXT);
    assertThat(engines.questions).hasSize(1);
    pipeline.keysOf(chat("another conversation"), loop::add, results::add);
    assertThat(engines.questions).hasSize(2);
  }

  @Test
  void preparesLargeTokenizeBodiesOnThePool() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("x".repeat(TextKeysJob.INLINE_TEXT_BYTES)), loop::add, results::add);
    assertThat(engines.questions).isEmpty();
    runLoopOnce();
    assertThat(engines.questions).hasSize(1);
    engines.answer.complete(new int[] {1});
    runLoopOnce();
    assertThat(results.remove().mode()).isEqualTo(PromptMode.ENGINE_TOKENS);
  }

  @Test
  void callsNobodyBackAfterAClientLeftWhileAnEngineWasAsked() throws InterruptedException {
    pipelineWithoutTokenizer();
    Runnable leave = pipeline.keysOf(chat("hi"), loop::add, results::add);
    leave.run();
    engines.answer.complete(new int[] {1});

    assertThat(loop).isEmpty();
    assertThat(results).isEmpty();
  }

  @Test
  void distrustsAnEngineWhoseTokenizeDisagreesWithItsCounts() throws InterruptedException {
    pipelineWithoutTokenizer();
    pipeline.keysOf(chat("hi"), loop::add, results::add);
    engines.answer.complete(new int[] {1, 2});
    runLoopOnce();
    PromptKeys keys = results.remove();
    for (int i = 0; i < TokenAgreement.LIMIT; i++) {
      pipeline.promptTokensReported(chat("hi"), keys, 3);
    }

    assertThat(now(chat("hi")).mode()).isEqualTo(PromptMode.TEXT);
  }
}
