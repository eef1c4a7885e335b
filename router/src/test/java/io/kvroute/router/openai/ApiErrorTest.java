package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ApiErrorTest {

  @Test
  void reportsAnUnknownModelInTheEnginesWords() {
    byte[] recorded = Recordings.named("err model").response();

    assertThat(ApiErrors.unknownModel("nope", List.of("qwen3")).toJson())
        .asString(UTF_8)
        .isEqualTo(new String(recorded, UTF_8));
  }

  @Test
  void escapesQuotedValues() {
    assertThat(ApiErrors.unknownPath("/\"\n\u0000é").toJson())
        .asString(UTF_8)
        .isEqualTo(
            "{\"error\":{\"message\":\"There is no path /\\\"\\n\\u0000é.\","
                + "\"type\":\"NotFoundError\",\"param\":null,\"code\":404}}");
  }

  @Test
  void canBeTheLastEventOfAStream() {
    assertThat(ApiErrors.upstreamFailed().toSseEvent())
        .asString(UTF_8)
        .startsWith("data: {\"error\":{")
        .endsWith("}}\n\n");
  }
}
