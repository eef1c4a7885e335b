package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares the scanner with a full parse of the same bytes: same verdict, same values. */
class JsonFuzzTest {

  private static final int MUTATIONS = 20_000;

  private static final JsonMapper PARSER =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final List<String> SEEDS =
      List.of(
          "{\"model\":\"q\\u0077en\",\"prompt\":[1,-2.5e+3,0],\"stream\":true,\"n\":2}",
          "{\"model\":null,\"prompt\":\"a\\\"b\\\\\",\"stream_options\":{\"include_usage\":true}}",
          "{\"prompt\":[[1,2],[3]],\"x\":{\"a\":[{},[],\"\",null,false]},\"max_tokens\":12}");

  @Test
  void agreesWithAFullParseOnMutatedBodies() {
    long seed = 20260121;
    Random random = new Random(seed);
    int accepted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] body = mutate(SEEDS.get(random.nextInt(SEEDS.size())).getBytes(UTF_8), random);
      accepted += compare(body) ? 1 : 0;
    }
    assertThat(accepted).as("seed %s", seed).isBetween(MUTATIONS / 20, MUTATIONS);
  }

  private static byte[] mutate(byte[] body, Random random) {
    byte[] alphabet = "{}[]\",:\\u0123456789eE+-. \ttrufalsn".getBytes(UTF_8);
    List<Byte> bytes = new ArrayList<>();
    for (byte b : body) {
      bytes.add(b);
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(bytes.size());
      switch (random.nextInt(3)) {
        case 0 -> bytes.set(at, alphabet[random.nextInt(alphabet.length)]);
        case 1 -> bytes.add(at, alphabet[random.nextInt(alphabet.length)]);
        default -> bytes.remove(at);
      }
    }
    byte[] mutated = new byte[bytes.size()];
    for (int i = 0; i < mutated.length; i++) {
      mutated[i] = bytes.get(i);
    }
    return mutated;
  }

  /** Whether both accepted the body as a request. */
  private static boolean compare(byte[] body) {
    JsonNode expected;
    try {
      expected = PARSER.readTree(body);
    } catch (JacksonException e) {
      expected = null;
    }
    boolean isJson = true;
    try {
      JsonCursor cursor = new JsonCursor(body);
      cursor.skip();
      cursor.end();
    } catch (JsonSyntaxException e) {
      isJson = false;
    }
    String text = new String(body, UTF_8);
    assertThat(isJson).as(text).isEqualTo(expected != null && !expected.isMissingNode());
    try {
      ApiRequest request = RequestScanner.scan(Endpoint.COMPLETIONS, body);
      assertThat(expected).as(text).isNotNull();
      if (expected != null) {
        JsonNode model = expected.path("model");
        assertThat(request.model()).as(text).isEqualTo(model.isString() ? model.asString() : null);
        assertThat(request.output().stream())
            .as(text)
            .isEqualTo(expected.path("stream").asBoolean(false));
      }
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  @FuzzTest(maxDuration = "20s")
  void failsOnlyWithAnApiError(byte[] body) {
    try {
      RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body);
    } catch (ApiException e) {
      assertThat(e.error().status()).isEqualTo(400);
    }
  }
}
