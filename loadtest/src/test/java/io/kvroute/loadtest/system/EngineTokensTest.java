package io.kvroute.loadtest.system;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.kvroute.tokenizer.ModelFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Tests models whose prompts only the engine can encode. */
final class EngineTokensTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String WORDS = "one two three four five six seven eight ".repeat(40);

  @TempDir private Path directory;
  private List<SimulatedReplica> replicas = List.of();
  private RunningRouter router;
  private int conversations;

  @BeforeEach
  void start() throws Exception {
    TokenizerText text = TokenizerText.open(BundledModel.qwen3());
    ReplicaOptions options = ReplicaOptions.of("m", Clusters.engine(0.5), 1);
    replicas =
        List.of(SimulatedReplica.start(options, text), SimulatedReplica.start(options, text));
  }

  @AfterEach
  void stop() {
    router.close();
    replicas.forEach(SimulatedReplica::close);
  }

  /** Qwen3's files under the name gpt-oss, whose engine renders chats with Harmony. */
  private Path harmony() throws IOException {
    ModelFiles files = BundledModel.qwen3();
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.writeString(directory.resolve(name), Objects.requireNonNull(files.text(name)), UTF_8);
    }
    Files.writeString(directory.resolve("config.json"), "{\"model_type\":\"gpt_oss\"}");
    return directory;
  }

  private void route(String tokenizer) throws Exception {
    String[] urls = replicas.stream().map(SimulatedReplica::url).toArray(String[]::new);
    router =
        RunningRouter.start(
            new ConfigSources()
                .set("listen", "127.0.0.1:0")
                .set("admin-listen", "127.0.0.1:0")
                .set("replicas", urls)
                .set("tokenizers", "m=" + tokenizer)
                .set("routing-headers", "true")
                .load(),
            Map.of("HF_HUB_OFFLINE", "1", "HOME", directory.toString()));
    await()
        .until(
            () -> router.fleet().snapshot().replicas().stream().allMatch(view -> view.ready("m")));
  }

  private static URI uri(InetSocketAddress address) {
    return URI.create("http://127.0.0.1:" + address.getPort());
  }

  private HttpResponse<String> chat(String messages) throws Exception {
    String body = "{\"model\":\"m\",\"max_tokens\":4,\"messages\":[%s]}".formatted(messages);
    HttpResponse<String> answer = Clusters.post(uri(router.dataAddress()), CHAT, body);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private static String user(String text) {
    return "{\"role\":\"user\",\"content\":\"%s\"}".formatted(text);
  }

  private static String mode(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-kvroute-mode").orElse("");
  }

  private static int number(HttpResponse<String> answer, String header) {
    return Integer.parseInt(answer.headers().firstValue(header).orElse("-1"));
  }

  private JsonNode shown() throws Exception {
    return Clusters.getJson(uri(router.adminAddress()), "/replicas").path("replicas").path(0);
  }

  /** Retries, because an engine on a busy machine may miss the deadline of {@code /tokenize}. */
  private void awaitPrefixesFound(String expectedMode) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertFindsPrefixes(expectedMode, "conversation " + conversations++));
  }

  private void assertFindsPrefixes(String expectedMode, String begin) throws Exception {
    String first = user(begin + " " + WORDS);
    HttpResponse<String> cold = chat(first);
    assertThat(mode(cold)).isEqualTo(expectedMode);
    String next = first + ",{\"role\":\"assistant\",\"content\":\"Yes\"}," + user("And nine?");
    HttpResponse<String> warm = chat(next);
    assertThat(mode(warm)).isEqualTo(expectedMode);
    assertThat(number(warm, "x-kvroute-matched-tokens")).isGreaterThan(300);
    assertThat(warm.headers().firstValue("x-kvroute-replica"))
        .isEqualTo(cold.headers().firstValue("x-kvroute-replica"));
  }

  @Test
  void aChatThatTheEngineRendersInItsOwnWayIsTokenizedByIt() throws Exception {
    route(harmony().toString());

    awaitPrefixesFound("engine-tokens");

    assertThat(shown().path("mode").path("m").asString()).isEqualTo("engine-tokens");
    assertThat(shown().path("warnings").toString()).contains("plain requests", "engine-tokens");
    HttpResponse<String> warm = chat(user("conversation " + (conversations - 1) + " " + WORDS));
    assertThat(warm.body())
        .contains("\"prompt_tokens\":" + number(warm, "x-kvroute-prompt-tokens"));
    HttpResponse<String> completion =
        Clusters.post(
            uri(router.dataAddress()),
            "/v1/completions",
            "{\"model\":\"m\",\"max_tokens\":4,\"prompt\":\"Once upon a time\"}");
    assertThat(mode(completion)).isEqualTo("tokens");
  }

  @Test
  void aModelWithoutATokenizerIsTokenizedByItsEngine() throws Exception {
    route(directory.resolve("nothing-here").toString());
    assertThat(shown().path("mode").path("m").asString()).isEqualTo("engine-tokens");
    assertThat(shown().path("warnings").toString()).contains("routed by engine-tokens");

    awaitPrefixesFound("engine-tokens");
  }

  @ParameterizedTest
  @EnumSource(value = OfTokenize.class, names = "NOTHING", mode = EnumSource.Mode.EXCLUDE)
  void textIsLeftWhereTokenizeIsOfNoUse(OfTokenize fault) throws Exception {
    replicas.forEach(replica -> replica.setFaults(Faults.NONE.withTokenize(fault)));
    route(harmony().toString());

    assertFindsPrefixes("text", "conversation");
    assertThat(shown().path("mode").path("m").asString()).isEqualTo("text");
  }
}
