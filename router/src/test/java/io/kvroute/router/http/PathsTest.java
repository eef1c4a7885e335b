package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths of the data port, in one table with the documents. */
@ExtendWith(NoBufferLeaks.class)
final class PathsTest {

  private static final String CHAT = "/v1/chat/completions";

  private final FakeReplica replica =
      new FakeReplica(
          call -> {
            if (call.head().startsWith("POST /v1/chat/completions/render")) {
              call.write("HTTP/1.1 403 Forbidden\r\ncontent-length: 3\r\n\r\noff");
            } else {
              call.ok("application/json", "{}");
            }
          });
  private final ProxyFixture proxy = ProxyFixture.to(replica);

  @AfterEach
  void close() {
    proxy.close();
    replica.close();
  }

  @Test
  void theDocumentsListThem() throws IOException {
    List<String> expected = new ArrayList<>();
    for (Endpoint endpoint : Endpoint.values()) {
      String by = endpoint.byPrefix() ? "prefix" : "load";
      expected.add("| `%s` | POST | a replica, by %s |".formatted(endpoint.path(), by));
    }
    try (Stream<String> lines = Files.lines(Path.of("../docs/paths.md"))) {
      assertThat(lines.filter(line -> line.contains("a replica, by")))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(Files.readString(Path.of("../README.md"))).contains("docs/paths.md");
  }

  @ParameterizedTest
  @EnumSource(
      value = Endpoint.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AUDIO_TRANSCRIPTIONS", "AUDIO_TRANSLATIONS"})
  void eachIsForwardedAlsoWithATrailingSlash(Endpoint endpoint) throws IOException {
    String body = "{\"model\":\"qwen3\",\"messages\":[],\"prompt\":\"a\",\"input\":\"a\"}";
    proxy.client().post(endpoint.path(), body).read();
    proxy.client().post(endpoint.path() + "/?a=b", body).read();

    assertThat(replica.calls()).extracting(FakeReplica.Call::head).hasSize(2);
    assertThat(replica.calls().get(0).head()).startsWith("POST " + endpoint.path() + " HTTP/1.1");
    assertThat(replica.calls().get(1).head())
        .startsWith("POST " + endpoint.path() + "?a=b HTTP/1.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET /health", "GET /health/", "GET /ping", "POST /ping", "GET /v1/models/"})
  void theRouterAnswersItsOwn(String methodAndPath) throws IOException {
    RawClient client =
        proxy.client().send(methodAndPath + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    assertThat(client.read().status()).isEqualTo(200);
    assertThat(replica.calls()).isEmpty();
  }

  @Test
  void anEnginesOwnRefusalOfAPathPassesThrough() throws IOException {
    RawClient.Answer answer = proxy.client().post(CHAT + "/render", chat()).read();

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).isEqualTo("off");
    assertThat(replica.calls()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[]}",
        "{\"model\":\"\",\"messages\":[]}",
        "{\"model\":null,\"messages\":[]}"
      })
  void aRequestThatNamesNoModelMeansTheEnginesBaseModel(String body) throws IOException {
    proxy
        .fleet()
        .report(
            proxy.fleet().snapshot().replicas().getFirst().replica().id(),
            new EngineFacts(
                EngineKind.VLLM,
                List.of(
                    new ServedModel("adapter", "/adapters/a", "qwen3", 16384),
                    new ServedModel("qwen3", "Qwen/Qwen3-0.6B", null, 16384),
                    new ServedModel("alias", "Qwen/Qwen3-0.6B", null, 16384)),
                16,
                100,
                0));

    assertThat(proxy.client().post(CHAT, body).read().status()).isEqualTo(200);
    assertThat(new String(replica.calls().getFirst().body(), UTF_8)).isEqualTo(body);
    assertThat(proxy.count("kvroute.requests", "model", "qwen3", "code", "200")).isOne();
  }
}
