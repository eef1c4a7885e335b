package io.kvroute.router.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvroute.config.Config;
import io.kvroute.config.ConfigSources;
import io.kvroute.tokenizer.BundledModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Events that a vLLM 0.32 published, sent through real sockets, appear in the admin port's
 * responses.
 */
final class KvEventsTest {

  private static final String MODEL = "qwen3";
  private static final int BLOCK_SIZE = 32;
  private static final String MALFORMED =
      "kvroute_kv_events_total{replica=\"r1\",type=\"malformed\"}";

  private static List<JsonNode> recorded(String name) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        KvEventsTest.class.getResourceAsStream(
                            "/vllm-0.32/" + name + ".jsonl.gz"))),
                UTF_8))) {
      return lines.lines().map(line -> JsonMapper.shared().readTree(line)).toList();
    }
  }

  private static void publish(ZMQ.Socket engine, long number, byte[] payload) {
    engine.sendMore("");
    engine.sendMore(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    engine.send(payload);
  }

  @Test
  void reportedEventsReplaceThePredictedCache() throws Exception {
    try (ZContext context = new ZContext();
        ScriptedEngine engine = new ScriptedEngine(MODEL, BLOCK_SIZE, 256);
        HttpClient client = HttpClient.newHttpClient()) {
      ZMQ.Socket events = context.createSocket(SocketType.PUB);
      int port = events.bindToRandomPort("tcp://127.0.0.1");
      try (RunningRouter router =
          RunningRouter.start(config(engine.url(), "tcp://127.0.0.1:" + port), Map.of())) {
        Admin admin = new Admin(client, router);
        JsonNode first = recorded("sequence").getFirst();
        JsonNode batch = recorded("sequence-kv-events").getFirst();
        byte[] payload = HexFormat.of().parseHex(batch.path("payload_hex").asString());

        await()
            .pollInSameThread()
            .until(
                () -> {
                  events.send("not a batch, but a sign that what follows will be heard");
                  return admin.get("/metrics").contains(MALFORMED + " ")
                      && !admin.get("/metrics").contains(MALFORMED + " 0.0");
                });
        publish(events, 0, payload);
        await().until(() -> admin.replica().path("knowledge").asString("").equals("events"));

        JsonNode replica = admin.replica();
        int promptBlocks = first.path("prompt").size() / BLOCK_SIZE;
        assertThat(replica.at("/events/state").asString()).isEqualTo("complete");
        assertThat(replica.at("/events/last_seq").asInt()).isZero();
        assertThat(replica.path("blocks_held").asInt()).isEqualTo(promptBlocks);
        assertThat(admin.explain(first.path("prompt")).at("/replicas/0/matched_tokens").asInt())
            .isEqualTo(promptBlocks * BLOCK_SIZE);
        assertThat(admin.get("/metrics"))
            .contains("kvroute_kv_events_total{replica=\"r1\",type=\"stored\"}");
      }
    }
  }

  private static Config config(String engine, String events) throws Exception {
    return new ConfigSources()
        .set("listen", "127.0.0.1:0")
        .set("admin-listen", "127.0.0.1:0")
        .set("replicas", engine + ",kv-events=" + events)
        .set("tokenizers", BundledModel.QWEN3)
        .load();
  }

  /** The admin port of a router. */
  private record Admin(HttpClient client, RunningRouter router) {

    String get(String path) throws Exception {
      return send(HttpRequest.newBuilder(uri(path)).build());
    }

    JsonNode replica() throws Exception {
      return JsonMapper.shared().readTree(get("/replicas")).at("/replicas/0");
    }

    JsonNode explain(JsonNode prompt) throws Exception {
      String body =
          JsonNodeFactory.instance
              .objectNode()
              .put("model", MODEL)
              .set("prompt", prompt)
              .toString();
      return JsonMapper.shared()
          .readTree(
              send(
                  HttpRequest.newBuilder(uri("/explain"))
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build()));
    }

    private String send(HttpRequest request) throws Exception {
      return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private URI uri(String path) {
      return URI.create("http://127.0.0.1:" + router.adminAddress().getPort() + path);
    }
  }
}
