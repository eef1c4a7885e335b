package io.kvroute.loadtest.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.ConfigSources;
import io.kvroute.loadtest.replica.Faults;
import io.kvroute.loadtest.replica.Faults.OfTokenize;
import io.kvroute.loadtest.replica.ReplicaOptions;
import io.kvroute.loadtest.replica.SimulatedReplica;
import io.kvroute.loadtest.replica.TokenizerText;
import io.kvroute.router.app.RunningRouter;
import io.kvroute.tokenizer.BundledModel;
import io.kvroute.tokenizer.PromptEncoderOptions;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Tests an engine with another chat template than the router's. */
final class TokenMismatchTest {

  private static final String TEMPLATE =
      "{% for m in messages %}<|im_start|>{{ m.role }}: {{ m.content }}<|im_end|>{% endfor %}";

  private SimulatedReplica replica;
  private RunningRouter router;

  @BeforeEach
  void start() throws Exception {
    PromptEncoderOptions otherTemplate = PromptEncoderOptions.defaults().withChatTemplate(TEMPLATE);
    replica =
        SimulatedReplica.start(
            ReplicaOptions.of("qwen3", Clusters.engine(0.5), 1),
            TokenizerText.open(BundledModel.qwen3(), otherTemplate));
  }

  @AfterEach
  void stop() {
    router.close();
    replica.close();
  }

  private void route() throws Exception {
    router =
        RunningRouter.start(
            new ConfigSources()
                .set("listen", "127.0.0.1:0")
                .set("admin-listen", "127.0.0.1:0")
                .set("replicas", replica.url())
                .set("tokenizers", "qwen3=bundled:qwen3")
                .set("routing-headers", "true")
                .load(),
            Map.of());
    await().until(() -> router.fleet().snapshot().anyReady());
  }

  private URI data() {
    return URI.create("http://127.0.0.1:" + router.dataAddress().getPort());
  }

  private URI admin() {
    return URI.create("http://127.0.0.1:" + router.adminAddress().getPort());
  }

  private String mode(String path, String prompt) throws Exception {
    String body = "{\"model\":\"qwen3\",\"max_tokens\":4,%s}".formatted(prompt);
    HttpResponse<String> answer = Clusters.post(data(), path, body);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.headers().firstValue("x-kvroute-mode").orElse("");
  }

  private String chatMode(String words) throws Exception {
    return mode(
        "/v1/chat/completions",
        "\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]".formatted(words));
  }

  private JsonNode warnings() throws Exception {
    return Clusters.getJson(admin(), "/replicas").at("/replicas/0/warnings");
  }

  private double mismatches(String kind) throws Exception {
    return Clusters.metric(
        admin(), "kvroute_token_mismatch_total{kind=\"" + kind + "\",model=\"qwen3\"}");
  }

  @Test
  void isFoundOutWhenItJoinsAndAskedFromThenOn() throws Exception {
    route();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(warnings().toString())
                    .contains("model qwen3, plain requests: tokens differ from index "));

    assertThat(mismatches("plain")).isEqualTo(3);
    assertThat(mismatches("completion")).isZero();
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> chatMode("Hello " + System.nanoTime()).equals("engine-tokens"));
    assertThat(mode("/v1/completions", "\"prompt\":\"Hello\"")).isEqualTo("tokens");
  }

  @Test
  void isFoundOutByItsCountsWhereItTellsNoTokens() throws Exception {
    replica.setFaults(Faults.NONE.withTokenize(OfTokenize.MISSING));
    route();

    assertThat(chatMode("one")).isEqualTo("tokens");
    assertThat(mismatches("plain")).isEqualTo(1);
    assertThat(warnings().toString())
        .contains("plain requests: ", "the router counted", "the engine");
    assertThat(chatMode("two")).isEqualTo("tokens");
    assertThat(chatMode("three")).isEqualTo("tokens");
    assertThat(chatMode("four")).isEqualTo("text");
    assertThat(mode("/v1/completions", "\"prompt\":[\"one\",\"two\"]")).isEqualTo("tokens");
    assertThat(mode("/v1/completions", "\"prompt\":\"three\"")).isEqualTo("tokens");
    assertThat(mismatches("plain")).isEqualTo(3);
    assertThat(mismatches("completion")).isZero();
  }
}
