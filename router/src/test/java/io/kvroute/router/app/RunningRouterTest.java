package io.kvroute.router.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.Config;
import io.kvroute.config.ConfigSources;
import io.kvroute.tokenizer.BundledModel;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A complete router in this process, in front of two scripted engines. */
final class RunningRouterTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String REQUEST =
      """
      {"model":"qwen","messages":[{"role":"user","content":"%s"}]}
      """
          .formatted("The same words again. ".repeat(40));
  private final ScriptedEngine first = new ScriptedEngine("qwen", 16, 1000);
  private final ScriptedEngine second = new ScriptedEngine("qwen", 16, 1000);
  private final HttpClient client = HttpClient.newHttpClient();
  private RunningRouter router;

  @BeforeEach
  void start() throws Exception {
    router = RunningRouter.start(config(), Map.of());
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                admin("/replicas").at("/replicas/0/mode/qwen").asString("").equals("tokens")
                    && admin("/replicas").at("/replicas/1/state").asString("").equals("up"));
  }

  @AfterEach
  void stop() {
    router.close();
    client.close();
    first.close();
    second.close();
  }

  private Config config() throws Exception {
    return new ConfigSources()
        .set("listen", "127.0.0.1:0")
        .set("admin-listen", "127.0.0.1:0")
        .set("replicas", first.url(), second.url())
        .set("tokenizers", BundledModel.QWEN3)
        .set("routing-headers", "true")
        .load();
  }

  private static URI uri(InetSocketAddress address, String path) {
    return URI.create("http://127.0.0.1:" + address.getPort() + path);
  }

  private JsonNode admin(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(router.adminAddress(), path)).build();
    return JsonMapper.shared()
        .readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
  }

  private int status(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri(router.adminAddress(), path)).build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private HttpRequest chat() {
    return HttpRequest.newBuilder(uri(router.dataAddress(), CHAT))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(REQUEST))
        .build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void theSecondRequestFollowsTheFirstByTheModelsOwnTokens() throws Exception {
    HttpResponse<String> once = send(chat());
    HttpResponse<String> again = send(chat());

    assertThat(once.statusCode()).isEqualTo(200);
    assertThat(once.body()).isEqualTo(ScriptedEngine.ANSWER);
    assertThat(again.headers().firstValue("x-kvroute-mode")).contains("tokens");
    assertThat(again.headers().firstValue("x-kvroute-replica"))
        .isEqualTo(once.headers().firstValue("x-kvroute-replica"));
    assertThat(once.headers().firstValue("x-kvroute-matched-tokens")).contains("0");
    assertThat(again.headers().firstValueAsLong("x-kvroute-matched-tokens").orElse(0))
        .isGreaterThan(100);
  }

  @Test
  void explainReflectsEarlierRequests() throws Exception {
    String replica = send(chat()).headers().firstValue("x-kvroute-replica").orElseThrow();
    HttpRequest request =
        HttpRequest.newBuilder(uri(router.adminAddress(), "/explain"))
            .POST(HttpRequest.BodyPublishers.ofString(REQUEST))
            .build();

    JsonNode explained = JsonMapper.shared().readTree(send(request).body());

    assertThat(explained.path("picked").asString()).isEqualTo(replica);
    assertThat(explained.path("mode").asString()).isEqualTo("tokens");
    assertThat(explained.path("replicas").valueStream())
        .anyMatch(
            each ->
                each.path("id").asString().equals(replica)
                    && each.path("matched_tokens").asInt() > 100
                    && each.path("cost").path("total").asDouble() > 0);
  }

  @Test
  void metricsReflectRoutedRequests() throws Exception {
    send(chat());
    HttpRequest request = HttpRequest.newBuilder(uri(router.adminAddress(), "/metrics")).build();

    assertThat(send(request).body().lines())
        .anyMatch(line -> line.startsWith("kvroute_requests_total{") && line.contains("200"))
        .anyMatch(line -> line.startsWith("kvroute_routed_total{mode=\"tokens\""))
        .anyMatch(line -> line.startsWith("kvroute_overhead_seconds_count{stage=\"tokenize\"}"))
        .anyMatch(line -> line.startsWith("kvroute_request_seconds_count{"))
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
  }

  @Test
  void everyMetricOfTheRouterHasADescription() throws Exception {
    send(chat());
    HttpRequest request = HttpRequest.newBuilder(uri(router.adminAddress(), "/metrics")).build();

    assertThat(send(request).body().lines().filter(line -> line.startsWith("# HELP kvroute_")))
        .hasSizeGreaterThan(12)
        .allMatch(line -> line.matches("# HELP \\S+ [A-Z].+"));
  }

  @Test
  void readinessFollowsTheReplicas() throws Exception {
    assertThat(status("/readyz")).isEqualTo(200);
    first.close();
    second.close();

    await().atMost(Duration.ofSeconds(20)).until(() -> status("/readyz") == 503);
    assertThat(status("/livez")).isEqualTo(200);
  }

  @Test
  void aRunningRequestFinishesBeforeTheRouterStops() throws Exception {
    first.answerAfterMillis(1_000);
    second.answerAfterMillis(1_000);
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(chat(), HttpResponse.BodyHandlers.ofString());
    await()
        .until(
            () ->
                admin("/replicas")
                    .path("replicas")
                    .valueStream()
                    .anyMatch(replica -> replica.path("inflight").asInt() > 0));

    router.shutDown();

    assertThat(answer.get().statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).isEqualTo(ScriptedEngine.ANSWER);
  }
}
