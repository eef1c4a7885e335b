package io.kvroute.loadtest.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineFlavor;
import io.kvroute.loadtest.engine.EngineProfile;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(BufferLeaks.class)
@SuppressWarnings("NullAway.Init") // started before each test
class TrtLlmReplicaTest {

  private SimulatedReplica replica;

  @BeforeEach
  void start() throws IOException {
    EngineProfile profile = EngineProfile.qwen3OnL4().withFlavor(EngineFlavor.TENSORRT_LLM);
    profile = profile.withBlocks(8, 32).withCost(profile.cost().withInterTokenMillis(0.2));
    replica = SimulatedReplica.start(ReplicaOptions.of("m", profile, 7), new PlainText());
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  @Test
  void handsItsEventsToWhoeverPollsOnce() throws IOException {
    complete("a".repeat(100));
    JsonNode first = poll();

    assertThat(first.get(0).toString())
        .isEqualTo(
            "{\"event_id\":0,\"data\":{\"type\":\"created\",\"num_blocks_per_cache_level\":[8,0]},"
                + "\"window_size\":224}");
    JsonNode stored = first.get(1);
    assertThat(stored.path("event_id").asInt()).isEqualTo(1);
    assertThat(stored.at("/data/type").asString()).isEqualTo("stored");
    assertThat(stored.at("/data/parent_hash").isNull()).isTrue();
    assertThat(stored.at("/data/blocks").size()).isEqualTo(3);
    assertThat(stored.at("/data/blocks/0/tokens").size()).isEqualTo(32);
    assertThat(stored.at("/data/blocks/0/tokens/0").toString())
        .isEqualTo("{\"type\":\"unique_token\",\"token_id\":97,\"token_extra_id\":0}");
    assertThat(poll().isEmpty()).isTrue();

    complete("b".repeat(200));
    JsonNode removal = poll().get(0);
    assertThat(removal.at("/data/type").asString()).isEqualTo("removed");
    assertThat(removal.at("/data/block_hashes/0"))
        .as("the tail goes first")
        .isEqualTo(stored.at("/data/blocks/2/block_hash"));
  }

  @Test
  void tellsTheLatestIterationOnce() throws IOException {
    complete("a".repeat(100));
    complete("a".repeat(100));
    JsonNode metrics = json(RawHttp.get(replica.port(), "/metrics"));

    assertThat(metrics.size()).isEqualTo(1);
    assertThat(metrics.at("/0/kvCacheStats/maxNumBlocks").asInt()).isEqualTo(8);
    assertThat(metrics.at("/0/kvCacheStats/tokensPerBlock").asInt()).isEqualTo(32);
    assertThat(metrics.at("/0/kvCacheStats/reusedBlocks").asInt()).isEqualTo(3);
    assertThat(json(RawHttp.get(replica.port(), "/metrics")).isEmpty()).isTrue();
  }

  @Test
  void tokenizesForNobody() throws IOException {
    assertThat(RawHttp.post(replica.port(), "/tokenize", "{\"prompt\":\"a\"}").status())
        .isEqualTo(404);
    assertThat(RawHttp.get(replica.port(), "/health").status()).isEqualTo(200);
    assertThat(RawHttp.get(replica.port(), "/v1/models").body()).contains("tensorrt_llm");
  }

  private JsonNode poll() throws IOException {
    return json(RawHttp.post(replica.port(), "/kv_cache_events", ""));
  }

  private void complete(String prompt) throws IOException {
    String body = "{\"prompt\":\"%s\",\"max_tokens\":2}".formatted(prompt);
    assertThat(RawHttp.post(replica.port(), "/v1/completions", body).status()).isEqualTo(200);
  }

  private static JsonNode json(RawHttp.Answer answer) {
    return JsonMapper.shared().readTree(answer.body());
  }
}
