package io.kvroute.loadtest.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.tokenizer.BundledModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends requests recorded from a real vLLM 0.32 and compares the shape of the answers. */
class RecordedExchangesTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Map<String, JsonNode> RECORDED = new LinkedHashMap<>();

  private static SimulatedReplica replica;

  @BeforeAll
  static void start() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        RecordedExchangesTest.class.getResourceAsStream(
                            "/vllm-0.32/http.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode exchange = JSON.readTree(line);
        RECORDED.put(exchange.get("name").asString(), exchange);
      }
    }
    EngineProfile fast = EngineProfile.qwen3OnL4();
    fast =
        fast.withCost(fast.cost().withInterTokenMillis(0.5).withPrefillRate(1e6))
            .withBlocks(1000, 32)
            .withMaxModelTokens(16_384);
    replica =
        SimulatedReplica.start(
            ReplicaOptions.of("qwen3", fast, 1), TokenizerText.open(BundledModel.qwen3()));
  }

  @AfterAll
  static void stop() {
    replica.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models",
        "version",
        "health",
        "load",
        "completions text",
        "completions ids stream",
        "tokenize prompt",
        "err model",
        "err empty",
        "err too long",
        "chat no usage stream",
        "fill 0"
      })
  void answersInTheRecordedShape(String name) throws IOException {
    RawHttp.Answer ours = ask(name);
    JsonNode theirs = recorded(name).get("response");

    assertThat(ours.status()).isEqualTo(theirs.get("status").asInt());
    assertSameHeaders(theirs.get("headers"), ours.headers());
    String body = theirs.get("body").asString();
    if (body.startsWith("data: ")) {
      assertSameEvents(body, ours);
    } else {
      assertThat(shape(ours.body())).isEqualTo(shape(body));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "err model",
        "err empty",
        "err too long",
        "tokenize chat",
        "tokenize prompt",
        "version"
      })
  void answersTheVeryBytes(String name) throws IOException {
    assertThat(ask(name).body()).isEqualTo(recorded(name).at("/response/body").asString());
  }

  /** Sends the requests in order with the recorded block size, so that cache hits are the same. */
  @Test
  void reusesAndCountsTokensAsRecorded() throws IOException {
    assertThat(RawHttp.post(replica.port(), "/reset_prefix_cache", "{}").body()).contains("true");
    for (String name : List.of("chat cold", "chat warm", "salt")) {
      JsonNode theirs = JSON.readTree(recorded(name).at("/response/body").asString());
      JsonNode ours = JSON.readTree(ask(name).body());

      assertThat(ours.get("usage")).as(name).isEqualTo(theirs.get("usage"));
      assertThat(shape(ours.toString())).as(name).isEqualTo(shape(theirs.toString()));
      assertThat(ours.get("prompt_token_ids")).isEqualTo(theirs.get("prompt_token_ids"));
    }
  }

  @Test
  void streamsChatsAsRecorded() throws IOException {
    RawHttp.Answer ours = ask("chat turn 2 stream");
    String theirs = recorded("chat turn 2 stream").at("/response/body").asString();

    assertThat(ours.chunks()).hasSameSizeAs(events(theirs));
    JsonNode usage = JSON.readTree(ours.events().getLast()).get("usage");
    assertThat(usage.propertyNames()).containsExactlyElementsOf(usageOf(theirs).propertyNames());
    assertThat(usage.get("prompt_tokens")).isEqualTo(usageOf(theirs).get("prompt_tokens"));
  }

  @Test
  void theNextTurnsPromptHoldsTheIdsThatWereGenerated() throws IOException {
    String first = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}%s]%s}";
    JsonNode answer =
        JSON.readTree(
            RawHttp.post(
                    replica.port(),
                    "/v1/chat/completions",
                    first.formatted("", ",\"return_token_ids\":true"))
                .body());
    String content = JSON.writeValueAsString(answer.at("/choices/0/message/content").asString());
    String turns =
        ",{\"role\":\"assistant\",\"content\":%s},{\"role\":\"user\",\"content\":\"More\"}"
            .formatted(content);
    JsonNode next =
        JSON.readTree(
            RawHttp.post(
                    replica.port(),
                    "/v1/chat/completions",
                    first.formatted(turns, ",\"max_tokens\":1,\"return_token_ids\":true"))
                .body());

    List<Integer> generated = ids(answer.at("/choices/0/token_ids"));
    List<Integer> prompt = ids(answer.get("prompt_token_ids"));
    List<Integer> nextPrompt = ids(next.get("prompt_token_ids"));
    assertThat(generated).hasSizeGreaterThan(60);
    assertThat(nextPrompt.subList(0, prompt.size())).isEqualTo(prompt);
    assertThat(nextPrompt.subList(prompt.size(), prompt.size() + generated.size()))
        .isEqualTo(generated);
    int reusable = (prompt.size() + generated.size() - 1) / 32 * 32;
    assertThat(next.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(reusable);
  }

  private static List<Integer> ids(JsonNode array) {
    return array.valueStream().map(JsonNode::asInt).toList();
  }

  private static JsonNode usageOf(String events) {
    List<String> all = events(events);
    return JSON.readTree(all.get(all.size() - 2).substring(6)).get("usage");
  }

  private static RawHttp.Answer ask(String name) throws IOException {
    JsonNode request = recorded(name).get("request");
    String path = request.get("path").asString();
    return request.get("method").asString().equals("GET")
        ? RawHttp.get(replica.port(), path)
        : RawHttp.post(replica.port(), path, request.get("body").toString());
  }

  private static JsonNode recorded(String name) {
    return Objects.requireNonNull(RECORDED.get(name), name);
  }

  /** All headers except "connection", because the recording's client closed each connection. */
  private static void assertSameHeaders(JsonNode recorded, Map<String, String> ours) {
    List<String> names = new ArrayList<>(recorded.propertyNames());
    names.removeAll(List.of("connection"));
    assertThat(new ArrayList<>(ours.keySet())).containsExactlyInAnyOrderElementsOf(names);
    for (String name : List.of("server", "content-type", "transfer-encoding", "vary")) {
      if (recorded.has(name)) {
        assertThat(ours).containsEntry(name, recorded.get(name).asString());
      }
    }
  }

  /** Expects as many events, each in its own chunk and equal except for ids, times and words. */
  private static void assertSameEvents(String recorded, RawHttp.Answer ours) {
    List<String> expected = events(recorded);
    assertThat(ours.chunks()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      String chunk = ours.chunks().get(i);
      assertThat(chunk).startsWith("data: ").endsWith("\n\n");
      String event = chunk.strip();
      if (expected.get(i).equals("data: [DONE]")) {
        assertThat(event).isEqualTo("data: [DONE]");
      } else {
        assertThat(shape(event.substring(6))).isEqualTo(shape(expected.get(i).substring(6)));
      }
    }
  }

  private static List<String> events(String body) {
    return List.of(body.strip().split("\n\n"));
  }

  /** Keys in order, with values except those that differ from run to run. */
  static String shape(String json) {
    if (!json.startsWith("{")) {
      return json;
    }
    StringBuilder out = new StringBuilder();
    shape(JSON.readTree(json), "", out);
    // Compared without spaces, as in the recording.
    assertThat(json).isEqualTo(JSON.writeValueAsString(JSON.readTree(json)));
    return out.toString();
  }

  private static void shape(JsonNode node, String path, StringBuilder out) {
    if (node.isObject()) {
      node.properties().forEach(p -> shape(p.getValue(), path + "." + p.getKey(), out));
    } else if (node.isArray() && !node.isEmpty() && !node.get(0).isNumber()) {
      for (int i = 0; i < node.size(); i++) {
        shape(node.get(i), path + "[" + i + "]", out);
      }
    } else {
      boolean varies =
          path.matches(".*\\.(id|created|content|text|model|root|tokens|count|token_ids|name)")
              && !node.isNull();
      out.append(path).append('=');
      out.append(varies ? node.getNodeType() : node.toString()).append('\n');
    }
  }
}
