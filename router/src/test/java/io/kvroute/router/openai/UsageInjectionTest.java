package io.kvroute.router.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

final class UsageInjectionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[],\"stream\":true}",
        " {\"messages\":[{\"content\":\"}\"}],\"stream\":true } \r\n",
        "{\"stream_options\":null,\"messages\":[],\"stream\":true}",
      })
  void asksForUsageAndChangesNothingElse(String body) throws ApiException {
    assertThat(
            RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body.getBytes(UTF_8))
                .output()
                .usageAddable())
        .isTrue();
    byte[] spliced = UsageInjection.into(body.getBytes(UTF_8));
    ApiRequest request = RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, spliced);
    assertThat(
            JsonMapper.shared().readTree(spliced).at("/stream_options/include_usage").asBoolean())
        .isTrue();
    assertThat(request.output().usageAddable()).isFalse();
    assertThat(
            new String(spliced, UTF_8).replace(",\"stream_options\":{\"include_usage\":true}", ""))
        .isEqualTo(body);
    assertThat(JsonMapper.shared().readTree(spliced).at("/stream").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[]}",
        "{\"messages\":[],\"stream\":false}",
        "{\"messages\":[],\"stream\":true,\"stream_options\":{}}",
        "{\"messages\":[],\"stream\":true,\"stream_options\":{\"include_usage\":true}}",
      })
  void addsNoUsageToNonStreamsAndToStreamsWithOptions(String body) throws ApiException {
    assertThat(
            RequestScanner.scan(Endpoint.CHAT_COMPLETIONS, body.getBytes(UTF_8))
                .output()
                .usageAddable())
        .isFalse();
  }
}
