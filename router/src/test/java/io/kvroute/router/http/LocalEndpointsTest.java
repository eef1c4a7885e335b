package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.testing.NoBufferLeaks;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoints that the router answers itself. */
@ExtendWith(NoBufferLeaks.class)
final class LocalEndpointsTest {

  private final FakeReplica replica = new FakeReplica(call -> call.ok("application/json", "{}"));
  private final ProxyFixture proxy =
      ProxyFixture.setup()
          .replicas(replica, replica)
          .options(o -> o.api("/openai", "sesame", "schlüssel"))
          .open();

  @AfterEach
  void close() {
    proxy.close();
    replica.close();
  }

  private RawClient.Answer get(String path, String... headers) throws IOException {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    return proxy.client().send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n").read();
  }

  @Test
  void modelsOfAllReplicasFormOneList() throws IOException {
    ReplicaView second = proxy.fleet().snapshot().replicas().get(1);
    proxy
        .fleet()
        .report(
            second.id(),
            new EngineFacts(
                EngineKind.VLLM,
                List.of(
                    new ServedModel("qwen3", "Qwen/Qwen3-0.6B", null, 16384),
                    new ServedModel("adapter", "/loras/a", "qwen3", 0)),
                16,
                100,
                0));

    RawClient.Answer answer = get("/v1/models", "Authorization: Bearer sesame");

    JsonNode list = JsonMapper.shared().readTree(answer.body());
    assertThat(list.get("object").asString()).isEqualTo("list");
    assertThat(list.get("data")).hasSize(2);
    JsonNode first = list.get("data").get(0);
    assertThat(first.get("id").asString()).isEqualTo("qwen3");
    assertThat(first.get("object").asString()).isEqualTo("model");
    assertThat(first.get("max_model_len").asInt()).isEqualTo(16384);
    assertThat(list.get("data").get(1).get("parent").asString()).isEqualTo("qwen3");
  }

  private void report(int replica, int maxModelLen) {
    ServedModel model = new ServedModel("qwen3", "Qwen/Qwen3-0.6B", null, maxModelLen);
    proxy
        .fleet()
        .report(
            proxy.fleet().snapshot().replicas().get(replica).id(),
            new EngineFacts(EngineKind.VLLM, List.of(model), 16, 100, 0));
  }

  private int shownMaxModelLen() throws IOException {
    RawClient.Answer answer = get("/v1/models", "Authorization: Bearer sesame");
    JsonNode data = JsonMapper.shared().readTree(answer.body()).get("data");
    assertThat(data).hasSize(1);
    return data.get(0).get("max_model_len").asInt();
  }

  @Test
  void aModelHasTheLongestContextThatCanBeServed() throws IOException {
    report(0, 4_096);
    report(1, 32_768);
    assertThat(shownMaxModelLen()).isEqualTo(32_768);

    proxy.fleet().down(proxy.fleet().snapshot().replicas().get(1).id(), "test");
    assertThat(shownMaxModelLen()).isEqualTo(4_096);

    proxy.fleet().down(proxy.fleet().snapshot().replicas().get(0).id(), "test");
    assertThat(shownMaxModelLen()).isEqualTo(32_768);
  }

  @Test
  void aFleetThatHasNeverBeenSeenUpIsUnavailableAndNotWithoutTheModel() throws IOException {
    try (ProxyFixture unseen = ProxyFixture.to()) {
      for (String body : List.of(chat(), "{\"messages\":[]}")) {
        RawClient.Answer answer = unseen.client().post("/v1/chat/completions", body).read();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
      }
    }
  }

  @Test
  void healthIs200WhileAReplicaIsReady() throws IOException {
    assertThat(get("/health").status()).isEqualTo(200);
    for (ReplicaView view : proxy.fleet().snapshot().replicas()) {
      proxy.fleet().down(view.id(), "test");
    }
    assertThat(get("/health").status()).isEqualTo(503);
    RawClient.Answer answer =
        proxy.client().post("/v1/chat/completions", chat(), "Authorization: Bearer sesame").read();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers()).containsKey("retry-after");
  }

  @Test
  void everyPathMayHaveThePrefix() throws IOException {
    assertThat(get("/openai/health").status()).isEqualTo(200);
    assertThat(get("/openaihealth").status()).isEqualTo(404);
    proxy
        .client()
        .post("/openai/v1/chat/completions?x=1", chat(), "Authorization: Bearer sesame")
        .read();
    assertThat(replica.calls().getFirst().head()).startsWith("POST /v1/chat/completions?x=1 ");
  }

  @Test
  void requestsWithoutAKeyAreRejected() throws IOException {
    RawClient.Answer answer = proxy.client().post("/v1/chat/completions", chat()).read();
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.headers()).containsEntry("www-authenticate", "Bearer");
    assertThat(JsonMapper.shared().readTree(answer.body()).get("error").get("code").asInt())
        .isEqualTo(401);
    assertThat(get("/v1/models").status()).isEqualTo(401);
    assertThat(get("/v1/models", "Authorization: Bearer sesam").status()).isEqualTo(401);
    assertThat(get("/v1/models", "Authorization: Basic sesame").status()).isEqualTo(401);
    assertThat(replica.calls()).isEmpty();
  }

  @Test
  void aKeyIsAcceptedInEachHeaderThatClientsUse() throws IOException {
    assertThat(get("/v1/models", "Authorization: bearer sesame").status()).isEqualTo(200);
    assertThat(get("/v1/models", "X-Api-Key: sesame").status()).isEqualTo(200);
    assertThat(get("/v1/models", "api-key: sesame").status()).isEqualTo(200);
    byte[] utf8 = "schlüssel".getBytes(UTF_8);
    String onTheWire = new String(utf8, ISO_8859_1);
    assertThat(get("/v1/models", "Authorization: Bearer " + onTheWire).status()).isEqualTo(200);
  }

  @Test
  void anAudioFormIsRoutedByItsModel() throws IOException {
    String form =
        String.join(
            "\r\n",
            "--b",
            "Content-Disposition: form-data; name=\"model\"",
            "",
            "qwen3",
            "--b",
            "Content-Disposition: form-data; name=\"file\"",
            "",
            "\0\1\2",
            "--b--",
            "");
    RawClient client =
        proxy
            .client()
            .send(
                "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: a\r\nX-Api-Key: sesame\r\n"
                    + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
                    + form.length()
                    + "\r\n\r\n"
                    + form);
    assertThat(client.read().status()).isEqualTo(200);
    assertThat(new String(replica.calls().getFirst().body(), ISO_8859_1)).isEqualTo(form);
  }
}
