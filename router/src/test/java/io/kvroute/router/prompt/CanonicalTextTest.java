package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kvroute.router.openai.JsonSyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanonicalTextTest {

  private static byte[] text(String body) throws JsonSyntaxException {
    return CanonicalText.of(body.getBytes(UTF_8)).bytes();
  }

  private static void assertBeginsWith(byte[] longer, byte[] shorter) {
    assertThat(longer.length).isGreaterThan(shorter.length);
    assertThat(Arrays.copyOf(longer, shorter.length)).isEqualTo(shorter);
  }

  private static String image(String url) {
    return "{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + url + "\"}}";
  }

  private static String message(Random random) {
    String words = "wort ".repeat(random.nextInt(40)) + random.nextInt();
    return switch (random.nextInt(5)) {
      case 0 -> "{\"role\":\"user\",\"content\":\"" + words + "\\n\\\"é\\u00e9\\\"\"}";
      case 1 ->
          "{\"content\":[{\"type\":\"text\",\"text\":\""
              + words
              + "\"},"
              + image("data:image/png;base64," + random.nextInt())
              + "],\"role\":\"user\"}";
      case 2 -> "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"a\"}]}";
      case 3 -> "{\"type\":\"function_call_output\",\"output\":\"" + words + "\"}";
      default -> "{\"role\":\"tool\",\"content\":\"" + words + "\",\"tool_call_id\":\"a\"}";
    };
  }

  @Test
  void aConversationsNextTurnBeginsWithAllOfThisTurn() throws JsonSyntaxException {
    long seed = 7;
    Random random = new Random(seed);
    for (int conversation = 0; conversation < 300; conversation++) {
      List<String> messages = new ArrayList<>();
      byte[] before = {};
      for (int turn = 0; turn < 8; turn++) {
        messages.add(message(random));
        String list = "[" + String.join(", ", messages) + "]";
        String tools = "\"tools\":[{\"type\":\"function\"}]";
        byte[] after =
            text(
                random.nextBoolean()
                    ? "{\"messages\":" + list + ",\"model\":\"m\"," + tools + "}"
                    : "{" + tools + ",\"max_tokens\":" + turn + ",\"messages\":" + list + "}");
        assertBeginsWith(after, before);
        before = after;
      }
    }
  }

  @Test
  void memberOrderAndEscapingDoNotMatter() throws JsonSyntaxException {
    assertThat(text("{\"messages\":[{\"role\":\"user\",\"content\":\"Grüße/\\n\"}]}"))
        .isEqualTo(
            text(
                "{ \"messages\" : [ {\"content\": \"Gr\\u00fc\\u00dfe\\/\\u000a\","
                    + "\"role\":\"user\"} ] }"));
  }

  @Test
  void messagesDifferFromTextThatLooksLikeThem() throws JsonSyntaxException {
    assertThat(text("{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"b\"}]}"))
        .isNotEqualTo(text("{\"messages\":[{\"role\":\"user\",\"content\":\"ab\"}]}"));
  }

  @Test
  void imagesAreComparedByTheirContent() throws JsonSyntaxException {
    String format = "{\"messages\":[{\"role\":\"user\",\"content\":[%s,%s]}]}";
    String same = "{\"type\":\"text\",\"text\":\"what is this?\"}";
    byte[] cat = text(format.formatted(image("data:cat"), same));

    assertThat(text(format.formatted(image("data:cat"), same))).isEqualTo(cat);
    assertThat(text(format.formatted(image("data:dog"), same))).isNotEqualTo(cat);
    assertThat(cat.length).isLessThan(60);
  }

  @Test
  void fieldsThatClientsMoveFromTurnToTurnAreLeftOut() throws JsonSyntaxException {
    String format =
        """
        {"system":[{"type":"text","text":"x-anthropic-billing-header: cch=%s;"},
        {"type":"text","text":"Be brief"}],"messages":[{"role":"user","content":[
        {"type":"tool_result","tool_use_id":"t1","content":"sunny"%s}]}%s]}
        """;
    String mark = ",\"cache_control\":{\"type\":\"ephemeral\"}";
    byte[] before = text(format.formatted("a1", mark, ""));
    byte[] after =
        text(format.formatted("b2", "", ",{\"role\":\"assistant\",\"content\":\"Good\"}"));

    assertBeginsWith(after, before);
    assertThat(text(format.formatted("a1", mark, "").replace("sunny", "rainy")))
        .isNotEqualTo(before);
  }

  @Test
  void readsPromptsOfEveryApi() throws JsonSyntaxException {
    assertThat(new String(text("{\"prompt\":\"Once upon\"}"), UTF_8)).contains("Once upon");
    assertThat(new String(text("{\"prompt\":[\"Once\",\"Twice\"]}"), UTF_8)).contains("Once");
    assertThat(new String(text("{\"input\":\"Hi\",\"instructions\":\"Be brief\"}"), UTF_8))
        .containsSubsequence("Be brief", "Hi");
    assertThat(
            new String(
                text(
                    "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                        + "\"text\":\"Hi\"}]}],\"system\":[{\"type\":\"text\","
                        + "\"text\":\"Be brief\"}]}"),
                UTF_8))
        .containsSubsequence("Be brief", "user", "Hi");
  }

  @Test
  void fourBytesMakeAnId() throws JsonSyntaxException {
    CanonicalText text = CanonicalText.of("{\"prompt\":\"abcdefgh\"}".getBytes(UTF_8));

    assertThat(text.length()).isEqualTo(9);
    assertThat(text.pseudoIds()).containsExactly(0x63626102, 0x67666564);
  }

  @Test
  void aConversationIsIdentifiedByEverythingUpToItsFirstUserMessage() throws JsonSyntaxException {
    String system = "{\"role\":\"system\",\"content\":\"Be brief\"}";
    String user = "{\"role\":\"user\",\"content\":\"Hi\"}";
    long first = conversation("{\"messages\":[" + system + "," + user + "]}");
    long second =
        conversation(
            "{\"messages\":["
                + system
                + ","
                + user
                + ",{\"role\":\"assistant\",\"content\":\"Ho\"},"
                + user
                + "]}");

    assertThat(second).isEqualTo(first).isNotZero();
    assertThat(conversation("{\"messages\":[" + user + "]}")).isNotEqualTo(first).isNotZero();
    assertThat(conversation("{\"prompt\":\"Hi\"}")).isZero();
  }

  private static long conversation(String body) throws JsonSyntaxException {
    long whole = CanonicalText.of(body.getBytes(UTF_8)).conversation();
    assertThat(CanonicalText.headOf(body.getBytes(UTF_8)).conversation()).isEqualTo(whole);
    return whole;
  }

  @FuzzTest(maxDuration = "20s")
  void readsAnythingThatIsJson(byte[] body) {
    try {
      assertThat(CanonicalText.of(body).length()).isNotNegative();
    } catch (JsonSyntaxException e) {
      assertThat(e).hasMessageContaining("expected");
    }
  }
}
