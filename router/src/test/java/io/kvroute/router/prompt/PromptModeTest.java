package io.kvroute.router.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which mode a prompt is routed in. */
final class PromptModeTest extends PipelineFixture {

  @Test
  void routesByTextWhatTheEngineWouldReject() {
    assertThat(now(chat("bad role")).mode()).isEqualTo(PromptMode.TEXT);
  }

  @Test
  void routesByTextWhileThereIsNoTokenizer() {
    pipeline(
        (location, options) -> {
          throw new FileNotFoundException("org/m: no tokenizer.json");
        },
        1 << 20);

    PromptKeys first = now(chat("Tell me a long story about a very old house on a hill."));
    PromptKeys same = now(chat("Tell me a long story about a very old house on a hill."));

    assertThat(first.mode()).isEqualTo(PromptMode.TEXT);
    BlockKeys blocks = first.blocks(4);
    assertThat(blocks.count()).isGreaterThan(2);
    assertThat(same.blocks(4).key(1)).isEqualTo(blocks.key(1));
    assertThat(pipeline.modes()).isEqualTo(Map.of("m", Map.of(PromptKind.PLAIN, PromptMode.TEXT)));
  }

  @Test
  void routesChatByTextWhenTheEngineRendersItDifferently() {
    ModelEncoder harmony =
        new ModelEncoder() {
          private final ModelEncoder letters = new Letters(true);

          @Override
          public RenderedPrompt render(byte[] body) throws PromptException {
            return letters.render(body);
          }

          @Override
          public EncodedPrompt encode(RenderedPrompt rendered) throws PromptException {
            return letters.encode(rendered);
          }

          @Override
          public @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered)
              throws PromptException {
            return letters.encodeIfQuick(rendered);
          }

          @Override
          public String obstacleToChat() {
            return "the engine renders it with Harmony";
          }
        };
    pipeline(harmony, 1 << 20);

    assertThat(now(chat("hi")).mode()).isEqualTo(PromptMode.TEXT);
    ApiRequest completion = request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":\"hi\"}");
    assertThat(now(completion).mode()).isEqualTo(PromptMode.TOKENS);
  }

  @Test
  void usesTheRequestsOwnIdsWithoutATokenizer() throws IOException {
    PromptKeys keys = now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[5, 6,7]}"));
    PromptKeys first =
        now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[[8,9],[1]]}"));

    assertThat(keys.mode()).isEqualTo(PromptMode.TOKENS);
    assertThat(keys.ids()).containsExactly(5, 6, 7);
    assertThat(first.ids()).containsExactly(8, 9);
    assertThat(now(request(Endpoint.COMPLETIONS, "{\"model\":\"m\",\"prompt\":[1,\"a\"]}")).mode())
        .isEqualTo(PromptMode.TOKENS);
  }

  @Test
  void usesTokensBeforeAnImageAndTextAfterIt() {
    String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"%s\"}}";
    String body = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[%s]}]}";
    PromptKeys cat =
        now(request(Endpoint.CHAT_COMPLETIONS, body.formatted(image.formatted("data:cat"))));
    PromptKeys dog =
        now(request(Endpoint.CHAT_COMPLETIONS, body.formatted(image.formatted("data:dog"))));

    assertThat(cat.mode()).isEqualTo(PromptMode.TEXT);
    assertThat(cat.ids()[0]).isEqualTo('{');
    assertThat(dog.blocks(4).key(5)).isEqualTo(cat.blocks(4).key(5));
    int last = cat.blocks(1).count() - 1;
    assertThat(dog.blocks(1).key(last)).isNotEqualTo(cat.blocks(1).key(last));
  }

  @Test
  void messagesAndResponsesHaveTheSameKeysAsTheirChatRequest() {
    PromptKeys chat = now(chat("hello to everyone in this room"));
    PromptKeys messages =
        now(
            request(
                Endpoint.MESSAGES,
                "{\"max_tokens\":9,\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
                    + "[{\"type\":\"text\",\"text\":\"hello to everyone in this room\"}]}]}"));
    PromptKeys responses =
        now(
            request(
                Endpoint.RESPONSES,
                "{\"model\":\"m\",\"input\":\"hello to everyone in this room\"}"));

    assertThat(messages.mode()).isEqualTo(PromptMode.TOKENS);
    assertThat(messages.ids()).isEqualTo(chat.ids());
    assertThat(responses.mode()).isEqualTo(PromptMode.TOKENS);
    assertThat(responses.ids()).isEqualTo(chat.ids());
  }

  @Test
  void usesTextWhenTheEnginesConversionToChatIsUnknown() {
    assertThat(
            now(request(
                    Endpoint.RESPONSES,
                    "{\"model\":\"m\",\"input\":\"hi\",\"previous_response_id\":\"r\"}"))
                .mode())
        .isEqualTo(PromptMode.TEXT);
  }

  @Test
  void routesByLoadWhenThereIsNoPrompt() {
    assertThat(now(request(Endpoint.EMBEDDINGS, "{\"model\":\"m\",\"input\":\"text\"}")).mode())
        .isEqualTo(PromptMode.LOAD);
    assertThat(now(request(Endpoint.CHAT_COMPLETIONS, "{\"messages\":[]}")).mode())
        .isEqualTo(PromptMode.LOAD);
  }

  @Test
  void saltsSeparateEqualPrompts() {
    String body = "{\"model\":\"m\",\"cache_salt\":\"%s\",\"prompt\":[1,2,3,4]}";
    PromptKeys a = now(request(Endpoint.COMPLETIONS, body.formatted("a")));
    PromptKeys b = now(request(Endpoint.COMPLETIONS, body.formatted("b")));

    assertThat(a.blocks(2).key(0)).isNotEqualTo(b.blocks(2).key(0));
  }

  @Test
  void movesAKindOfRequestOneModeDownWhenItsCountsDisagreeAndBackAfterATrial() {
    ApiRequest request = chat("hi");
    PromptKeys keys = now(request);
    for (int i = 0; i < TokenAgreement.LIMIT; i++) {
      assertThat(now(request).mode()).isEqualTo(PromptMode.TOKENS);
      pipeline.promptTokensReported(request, keys, keys.tokens() + 1);
    }

    assertThat(now(chat("ho")).mode()).isEqualTo(PromptMode.TEXT);
    assertThat(mismatched).hasSize(TokenAgreement.LIMIT).containsOnly(PromptKind.PLAIN);

    nowMillis.addAndGet(TokenAgreement.FIRST_BAN_MILLIS);
    assertThat(now(chat("hu")).mode()).isEqualTo(PromptMode.TOKENS);
    pipeline.promptTokensReported(request, keys, keys.tokens() + 1);
    assertThat(now(chat("he")).mode()).isEqualTo(PromptMode.TEXT);

    nowMillis.addAndGet(2 * TokenAgreement.FIRST_BAN_MILLIS);
    pipeline.promptTokensReported(request, keys, keys.tokens());
    pipeline.promptTokensReported(request, keys, keys.tokens() + 1);
    assertThat(now(chat("hx")).mode()).isEqualTo(PromptMode.TOKENS);
  }
}
