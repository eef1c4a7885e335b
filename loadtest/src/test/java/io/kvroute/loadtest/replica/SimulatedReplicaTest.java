package io.kvroute.loadtest.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.loadtest.engine.EngineProfile;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(BufferLeaks.class)
class SimulatedReplicaTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String HELLO =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]%s}";

  private SimulatedReplica replica = replica(0.2);

  @BeforeEach
  void listens() {
    assertThat(replica.port()).isPositive();
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  @Test
  void streamsARoleThenWordsThenTheEnd() throws IOException {
    RawHttp.Answer answer = chat(",\"stream\":true,\"max_tokens\":3");

    assertThat(answer.headers()).containsEntry("content-type", "text/event-stream; charset=utf-8");
    List<String> events = answer.events();
    assertThat(events).hasSize(4);
    assertThat(json(events.getFirst()).at("/choices/0/delta").toString())
        .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
    assertThat(events.subList(1, 4).stream().map(e -> json(e).at("/choices/0/delta/content")))
        .extracting(JsonNode::asString)
        .containsExactly("Yes", " indeed", " indeed");
    assertThat(json(events.getLast()).at("/choices/0/finish_reason").asString())
        .isEqualTo("length");
    assertThat(answer.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void sendsItsHeadersBeforeItGeneratesAnything() throws IOException {
    replica.close();
    replica = replica(60_000);
    try (RawHttp http = new RawHttp(replica.port())) {
      http.send("POST", CHAT, HELLO.formatted(",\"stream\":true"));

      assertThat(http.head().status()).isEqualTo(200);
    }
  }

  @Test
  void tellsUsageWhereAStreamAsksForIt() throws IOException {
    RawHttp.Answer answer =
        chat(",\"stream\":true,\"max_tokens\":2,\"stream_options\":{\"include_usage\":true}");

    JsonNode usage = json(answer.events().getLast());
    assertThat(usage.path("choices").isEmpty()).isTrue();
    assertThat(usage.at("/usage/prompt_tokens").asInt()).isEqualTo(11);
    assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(2);
    assertThat(usage.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isZero();

    RawHttp.Answer all =
        chat(
            ",\"stream\":true,\"max_tokens\":2,\"stream_options\":"
                + "{\"include_usage\":true,\"continuous_usage_stats\":true}");
    assertThat(all.events()).allMatch(event -> json(event).has("usage"));
    assertThat(json(all.events().get(1)).at("/usage/completion_tokens").asInt()).isEqualTo(1);
  }

  @Test
  void tellsWhatItReusedOfAPrompt() throws IOException {
    String prompt = "p".repeat(100);
    completion("\"" + prompt + "\"", ",\"max_tokens\":2");
    JsonNode second = completion("\"" + prompt + "\"", ",\"max_tokens\":2");

    assertThat(second.at("/usage/prompt_tokens").asInt()).isEqualTo(100);
    assertThat(second.at("/usage/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(96);
  }

  @Test
  void answersAPromptTheSameWayEachTimeAndEndsByItself() throws IOException {
    JsonNode first = json(chat("").body());
    JsonNode second = json(chat("").body());

    assertThat(first.at("/choices/0/message/content").asString())
        .startsWith("Yes indeed")
        .isEqualTo(second.at("/choices/0/message/content").asString());
    assertThat(first.at("/choices/0/finish_reason").asString()).isEqualTo("stop");
    assertThat(first.at("/usage/completion_tokens").asInt()).isBetween(64, 192);
    assertThat(first.path("id").asString()).isNotEqualTo(second.path("id").asString());
  }

  @Test
  void answersSeveralPromptsWithSeveralChoicesEach() throws IOException {
    JsonNode answer = completion("[[1,2,3],[4,5]]", ",\"n\":2,\"max_tokens\":3");

    assertThat(answer.path("choices").size()).isEqualTo(4);
    assertThat(answer.at("/choices/3/index").asInt()).isEqualTo(3);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(5);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(12);
    assertThat(completion("[\"a\",\"b\"]", ",\"max_tokens\":1").path("choices").size())
        .isEqualTo(2);
  }

  @Test
  void showsTokenIdsWhereAsked() throws IOException {
    JsonNode whole = json(chat(",\"max_tokens\":2,\"return_token_ids\":true").body());
    assertThat(whole.at("/choices/0/token_ids").toString()).isEqualTo("[300,301]");
    assertThat(whole.path("prompt_token_ids").size()).isEqualTo(11);

    List<String> events =
        chat(",\"max_tokens\":2,\"return_token_ids\":true,\"stream\":true").events();
    assertThat(json(events.get(0)).path("prompt_token_ids").size()).isEqualTo(11);
    assertThat(json(events.get(2)).at("/choices/0/token_ids").toString()).isEqualTo("[301]");
  }

  @Test
  void callsTheToolThatIsDemanded() throws IOException {
    String tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"parameters\":"
            + "{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"},"
            + "\"days\":{\"type\":\"integer\"}}}}}],\"tool_choice\":";
    JsonNode answer = json(chat(tools + "\"required\"").body()).at("/choices/0");
    assertThat(answer.path("finish_reason").asString()).isEqualTo("tool_calls");
    assertThat(answer.at("/message/tool_calls/0/function").toString())
        .isEqualTo(
            "{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\": \\\"value\\\", \\\"days\\\": 1}\"}");

    String named = "{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}";
    RawHttp.Answer stream = chat(tools + named + ",\"stream\":true");
    StringBuilder arguments = new StringBuilder();
    for (String event : stream.events()) {
      JsonNode call = json(event).at("/choices/0/delta/tool_calls/0/function/arguments");
      arguments.append(call.asString(""));
    }
    assertThat(arguments.toString()).isEqualTo("{\"city\": \"value\", \"days\": 1}");
    assertThat(json(stream.events().getLast()).at("/choices/0/finish_reason").asString())
        .isEqualTo("tool_calls");

    assertThat(json(chat(tools + "\"auto\"").body()).at("/choices/0/message/content").asString())
        .startsWith("Yes");
  }

  @Test
  void refusesWhatVllmRefuses() throws IOException {
    assertThat(chat(",\"stream_options\":{\"include_usage\":true}").status()).isEqualTo(400);
    assertThat(chat(",\"max_tokens\":0").status()).isEqualTo(400);
    assertThat(chat(",\"max_tokens\":999999").status()).isEqualTo(400);
    assertThat(chat(",\"n\":0").status()).isEqualTo(400);
    assertThat(RawHttp.post(replica.port(), CHAT, "{nonsense").status()).isEqualTo(400);
    assertThat(RawHttp.post(replica.port(), CHAT, "[1]").status()).isEqualTo(400);
    assertThat(RawHttp.get(replica.port(), CHAT).status()).isEqualTo(405);
    assertThat(RawHttp.get(replica.port(), "/nowhere").body())
        .isEqualTo(
            "{\"error\":{\"message\":\"Not Found\",\"type\":\"Not Found\",\"param\":null,\"code\":404}}");
    try (RawHttp http = new RawHttp(replica.port())) {
      http.raw("POST " + CHAT + " HTTP/1.1\r\nHost: r\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(http.answer().body()).contains("Only 'application/json' is allowed");
    }
  }

  @Test
  void serializesPipelinedRequestsOnOneConnection() throws IOException {
    try (RawHttp http = new RawHttp(replica.port())) {
      http.send("POST", CHAT, HELLO.formatted(",\"max_tokens\":2"));
      http.send("GET", "/version", "");
      http.send("POST", CHAT, HELLO.formatted(",\"max_tokens\":1,\"stream\":true"));

      assertThat(json(http.answer().body()).path("object").asString()).isEqualTo("chat.completion");
      assertThat(http.answer().body()).isEqualTo("{\"version\":\"0.32.0\"}");
      assertThat(http.answer().events()).hasSize(2);
    }
  }

  @Test
  void closesWhatIsNoHttp() throws IOException {
    try (RawHttp http = new RawHttp(replica.port())) {
      http.raw("nonsense\r\n\r\n");

      assertThat(http.answer().status()).isEqualTo(400);
      assertThat(http.isAtEnd()).isTrue();
    }
  }

  @Test
  void aClientThatLeavesFreesTheEngineInEveryPhase() throws IOException {
    replica.close();
    replica = replica(5);
    RawHttp midStream = new RawHttp(replica.port());
    midStream.send("POST", CHAT, HELLO.formatted(",\"stream\":true,\"max_tokens\":10000"));
    midStream.head();
    assertThat(midStream.chunk()).contains("assistant");
    RawHttp whole = new RawHttp(replica.port());
    whole.send("POST", CHAT, HELLO.formatted(",\"max_tokens\":10000"));
    RawHttp beforeFirst = new RawHttp(replica.port());
    beforeFirst.send(
        "POST",
        COMPLETIONS,
        "{\"prompt\":\"%s\",\"stream\":true,\"max_tokens\":9}".formatted("q".repeat(20_000)));
    await().until(() -> replica.stats().engine().running() == 3);

    midStream.close();
    whole.close();
    beforeFirst.close();

    await().until(() -> replica.stats().engine().running() == 0);
    ReplicaSnapshot stats = replica.stats();
    assertThat(stats.engine().finished().aborted()).isEqualTo(3);
    assertThat(stats.engine().blocks().used()).isZero();
    assertThat(stats.requests()).extracting(ReplicaSnapshot.Request::state).containsOnly("abort");
  }

  private RawHttp.Answer chat(String more) throws IOException {
    return RawHttp.post(replica.port(), CHAT, HELLO.formatted(more));
  }

  private JsonNode completion(String prompt, String more) throws IOException {
    String body = "{\"prompt\":%s%s}".formatted(prompt, more);
    return json(RawHttp.post(replica.port(), COMPLETIONS, body).body());
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static SimulatedReplica replica(double interTokenMillis) {
    EngineProfile profile = EngineProfile.qwen3OnL4();
    profile =
        profile.withCost(
            profile.cost().withInterTokenMillis(interTokenMillis).withPrefillRate(20_000));
    try {
      return SimulatedReplica.start(ReplicaOptions.of("m", profile, 7), new PlainText());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
