package io.kvroute.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.RenderedPrompt;
import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where prompts are encoded, and what happens under overload or after a client has left. */
final class PromptPipelineTest extends PipelineFixture {

  @Test
  void encodesSmallPromptsOnTheCallingThread() {
    ApiRequest request = chat("hi");

    PromptKeys keys = now(request);

    assertThat(keys.mode()).isEqualTo(PromptMode.TOKENS);
    assertThat(keys.tokens()).isEqualTo(request.body().length());
    assertThat(pipeline.modes())
        .isEqualTo(Map.of("m", Map.of(PromptKind.PLAIN, PromptMode.TOKENS)));
  }

  @Test
  void encodesLargePromptsOnThePoolAndCallsBackOnTheLoop() throws InterruptedException {
    Letters encoder = new Letters(true);
    pipeline(encoder, 1 << 20);

    PromptKeys keys = later(chat(LONG));

    assertThat(keys.mode()).isEqualTo(PromptMode.TOKENS);
    assertThat(encoder.encodedBy).containsExactly("encode-1");
  }

  @Test
  void callsNobodyBackAfterTheClientLeft() throws InterruptedException {
    Letters encoder = new Letters(false);
    pipeline(encoder, 1 << 20);
    Runnable leaveWhileEncoding = pipeline.keysOf(chat(LONG), loop::add, results::add);
    Runnable leaveWhileWaiting = pipeline.keysOf(chat(LONG + "2"), loop::add, results::add);
    pipeline.keysOf(chat(LONG + "3"), loop::add, results::add);

    assertThat(encoder.entered.await(20, TimeUnit.SECONDS)).isTrue();
    leaveWhileWaiting.run();
    leaveWhileEncoding.run();
    encoder.gate.countDown();
    runLoopOnce();
    runLoopOnce();

    assertThat(results).hasSize(1);
    assertThat(encoder.encodedBy).hasSize(2);
    assertThat(loop).isEmpty();
  }

  @Test
  void usesTextWhenTheQueueIsFullAndKeepsTheConversationThere() throws InterruptedException {
    Letters encoder = new Letters(false);
    pipeline(encoder, LONG.length() + 200);
    pipeline.keysOf(chat(LONG), loop::add, results::add);

    assertThat(now(chat("other " + LONG)).mode()).isEqualTo(PromptMode.TEXT);

    encoder.gate.countDown();
    runLoopOnce();
    results.clear();
    assertThat(now(chat("other " + LONG)).mode()).isEqualTo(PromptMode.TEXT);
    assertThat(later(chat("third " + LONG)).mode()).isEqualTo(PromptMode.TOKENS);
  }

  @Test
  void acceptsABodyLargerThanTheQueueIfNothingWaits() throws InterruptedException {
    pipeline(new Letters(true), 10);

    assertThat(later(chat(LONG)).mode()).isEqualTo(PromptMode.TOKENS);
  }

  @Test
  void routesByLoadWhenTheTextIsLargeAndTheQueueIsFull() {
    Letters encoder = new Letters(false);
    pipeline(encoder, 1_000);
    pipeline.keysOf(chat(LONG), loop::add, results::add);

    PromptKeys keys = now(chat("x".repeat(TextKeysJob.INLINE_TEXT_BYTES)));

    assertThat(keys.mode()).isEqualTo(PromptMode.LOAD);
    assertThat(keys.tokens()).isGreaterThan(TextKeysJob.INLINE_TEXT_BYTES / 4);
    encoder.gate.countDown();
  }

  @Test
  void computesLargeTextKeysOnThePool() throws InterruptedException {
    pipeline(
        (location, options) -> {
          throw new FileNotFoundException("no tokenizer.json");
        },
        1 << 20);

    assertThat(later(chat("x".repeat(TextKeysJob.INLINE_TEXT_BYTES))).mode())
        .isEqualTo(PromptMode.TEXT);
  }

  @Test
  void reportsGeneratedIdsOnlyIfTheirNumberMatchesTheEngines() throws InterruptedException {
    ApiRequest request = chat("hi");
    List<int[]> reported = new ArrayList<>();

    pipeline.generatedIds(request, "four", 4, 5, loop::add, reported::add);
    pipeline.generatedIds(request, "five!", 6, 7, loop::add, reported::add);
    pipeline.generatedIds(request, LONG, LONG.length(), LONG.length(), loop::add, reported::add);
    assertThat(reported).containsExactly("four".chars().toArray());
    runLoopOnce();

    assertThat(reported).hasSize(2);
    assertThat(reported.get(1)).hasSize(LONG.length());
  }

  @Test
  void returnsTheQueuesMemoryAfterEachJob() throws InterruptedException {
    pipeline(new Letters(true), LONG.length() + 100);
    for (int i = 0; i < 5; i++) {
      assertThat(later(chat(LONG)).mode()).isEqualTo(PromptMode.TOKENS);
    }
  }

  @Test
  void survivesAnEncoderThatFails() {
    ModelEncoder broken =
        new ModelEncoder() {
          @Override
          public RenderedPrompt render(byte[] body) {
            throw new IllegalStateException("bug");
          }

          @Override
          public EncodedPrompt encode(RenderedPrompt rendered) {
            throw new IllegalStateException("bug");
          }

          @Override
          public EncodedPrompt encodeIfQuick(RenderedPrompt rendered) {
            throw new IllegalStateException("bug");
          }
        };
    pipeline(broken, 1 << 20);

    assertThat(now(chat("hi")).mode()).isEqualTo(PromptMode.TEXT);
  }
}
