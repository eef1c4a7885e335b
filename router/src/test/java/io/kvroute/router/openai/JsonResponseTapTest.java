package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonResponseTapTest {

  private static final JsonMapper MAPPER = new JsonMapper();

  private static JsonResponseTap tap(byte[] answer, int cut) {
    ByteBuf bytes = Unpooled.wrappedBuffer(answer);
    JsonResponseTap tap = new JsonResponseTap(CapturedPart.IDS);
    tap.accept(bytes.slice(0, cut));
    tap.accept(bytes.slice(cut, answer.length - cut));
    return tap;
  }

  private static List<Recordings.Exchange> wholeAnswers() {
    return Recordings.all().values().stream()
        .filter(exchange -> exchange.status() == 200 && !exchange.streamed())
        .filter(exchange -> exchange.path().endsWith("completions"))
        .toList();
  }

  @Test
  void agreesWithAFullParseOfEveryRecordedResponseCutAnywhere() {
    int compared = 0;
    for (Recordings.Exchange exchange : wholeAnswers()) {
      JsonNode json = MAPPER.readTree(exchange.response());
      JsonNode usage = json.get("usage");
      Usage expected =
          new Usage(
              usage.get("prompt_tokens").asInt(),
              usage.get("completion_tokens").asInt(),
              usage.get("prompt_tokens_details").get("cached_tokens").asInt());
      int[] ids = MAPPER.convertValue(json.at("/choices/0/token_ids"), int[].class);
      for (int cut = 0; cut <= exchange.response().length; cut++) {
        JsonResponseTap tap = tap(exchange.response(), cut);
        assertThat(tap.usage()).as("%s cut at %s", exchange.name(), cut).isEqualTo(expected);
        assertThat(tap.ids()).isEqualTo(ids == null ? new int[0] : ids);
      }
      compared++;
    }
    assertThat(compared).isEqualTo(11);
  }

  @Test
  void capturesNoIdsUnlessAskedTo() {
    byte[] answer = Recordings.named("chat cold").response();
    JsonResponseTap tap = new JsonResponseTap(CapturedPart.NOTHING);
    tap.accept(Unpooled.wrappedBuffer(answer));

    assertThat(tap.ids()).isEmpty();
    assertThat(tap.usage()).isEqualTo(new Usage(306, 40, 0));
  }

  @Test
  void capturesTheTextOfEveryRecordedResponseCutAnywhere() {
    int compared = 0;
    for (Recordings.Exchange exchange : wholeAnswers()) {
      JsonNode choice = MAPPER.readTree(exchange.response()).at("/choices/0");
      boolean chat = choice.has("message");
      JsonNode text = chat ? choice.at("/message/content") : choice.path("text");
      if (text.isString()) {
        ByteBuf bytes = Unpooled.wrappedBuffer(exchange.response());
        for (int cut = 0; cut <= exchange.response().length; cut++) {
          JsonResponseTap tap =
              new JsonResponseTap(chat ? CapturedPart.CHAT_TEXT : CapturedPart.COMPLETION_TEXT);
          tap.accept(bytes.slice(0, cut));
          tap.accept(bytes.slice(cut, exchange.response().length - cut));
          assertThat(tap.text())
              .as("%s cut at %s", exchange.name(), cut)
              .isEqualTo(text.asString());
        }
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  @Test
  void dropsATextThatIsTooLong() {
    JsonResponseTap tap = new JsonResponseTap(CapturedPart.CHAT_TEXT);
    tap.accept(Unpooled.copiedBuffer("{\"content\":\"" + "x".repeat(300_000) + "\"}", UTF_8));

    assertThat(tap.text()).isNull();
  }

  @Test
  void readsNoUsageFromAnErrorBody() {
    JsonResponseTap tap = new JsonResponseTap(CapturedPart.IDS);
    tap.accept(Unpooled.wrappedBuffer(Recordings.named("err model").response()));

    assertThat(tap.usage()).isEqualTo(Usage.UNKNOWN);
  }

  @Test
  void readsUsageOfMessagesAndResponses() {
    byte[] messages = "{\"usage\":{\"input_tokens\":7,\"output_tokens\":2}}".getBytes(UTF_8);

    assertThat(tap(messages, 0).usage()).isEqualTo(new Usage(7, 2, -1));
  }
}
