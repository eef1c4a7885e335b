package io.kvroute.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.Recordings;
import io.kvroute.router.openai.Recordings.Exchange;
import io.kvroute.router.openai.RequestScanner;
import io.kvroute.tokenizer.BundledModel;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptEncoderOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.json.JsonMapper;

/** Requests that a real engine answered, with Qwen3's real template and tokenizer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordedPromptsTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  private final PromptPipeline pipeline = pipeline();

  private static PromptPipeline pipeline() {
    ModelEncoders encoders =
        new ModelEncoders(
            Map.of(),
            model -> PromptEncoderOptions.defaults(),
            (location, options) ->
                ModelEncoder.of(PromptEncoder.open(BundledModel.qwen3(), options)),
            Runnable::run,
            System::currentTimeMillis);
    PromptObserver unobserved =
        new PromptObserver() {
          @Override
          public void completed(Stage stage, long nanos) {}

          @Override
          public void mismatched(String model, PromptKind kind) {
            throw new AssertionError(model + ", " + kind);
          }
        };
    encoders.served(List.of("qwen3"), "tiny/qwen3-tiny", null);
    return new PromptPipeline(
        encoders,
        EngineTokenizer.NONE,
        new KeySpace(1),
        unobserved,
        1,
        1 << 22,
        System::currentTimeMillis);
  }

  @AfterAll
  void close() {
    pipeline.close();
  }

  private PromptKeys keys(ApiRequest request) throws InterruptedException {
    BlockingQueue<PromptKeys> results = new LinkedBlockingQueue<>();
    pipeline.keysOf(request, Runnable::run, results::add);
    return Objects.requireNonNull(results.poll(60, TimeUnit.SECONDS));
  }

  @Test
  void haveExactlyTheIdsThatTheEngineReported() throws ApiException, InterruptedException {
    Exchange cold = Recordings.named("chat cold");
    int[] reported =
        MAPPER.treeToValue(MAPPER.readTree(cold.response()).get("prompt_token_ids"), int[].class);

    PromptKeys keys = keys(RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, cold.request()));

    assertThat(keys.mode()).isEqualTo(PromptMode.TOKENS);
    assertThat(keys.ids()).isEqualTo(reported);
  }

  @Test
  void haveExactlyTheIdsThatTokenizeReturned() throws ApiException, InterruptedException {
    for (String name : new String[] {"tokenize chat", "tokenize prompt"}) {
      Exchange exchange = Recordings.named(name);
      int[] answered =
          MAPPER.treeToValue(MAPPER.readTree(exchange.response()).get("tokens"), int[].class);
      Endpoint endpoint = name.endsWith("chat") ? Endpoint.CHAT_COMPLETIONS : Endpoint.COMPLETIONS;

      PromptKeys keys = keys(RequestScanner.scan(endpoint, exchange.request()));

      assertThat(keys.ids()).as(name).isEqualTo(answered);
    }
  }

  @Test
  void haveTheTokenCountThatEveryResponseReported() throws ApiException, InterruptedException {
    int compared = 0;
    for (Exchange exchange : Recordings.all().values()) {
      Endpoint endpoint = Endpoint.at(exchange.path());
      if (exchange.status() != 200 || endpoint == null || !endpoint.byPrefix()) {
        continue;
      }
      int at = exchange.responseText().indexOf("\"usage\":{\"prompt_tokens\":");
      if (at < 0) {
        continue;
      }
      ApiRequest request = RequestScanner.scan(endpoint, exchange.request());
      PromptKeys keys = keys(request);
      String count = exchange.responseText().substring(at + 25).replaceFirst(",(?s).*", "");
      pipeline.promptTokensReported(request, keys, Integer.parseInt(count));
      assertThat(keys.tokens()).as(exchange.name()).isEqualTo(Integer.parseInt(count));
      assertThat(keys.mode()).isEqualTo(PromptMode.TOKENS);
      compared++;
    }
    assertThat(compared).isGreaterThanOrEqualTo(11);
  }
}
