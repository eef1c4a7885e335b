package io.kvroute.router.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.openai.Recordings;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KvEventSourcesTest {

  private static List<EventEndpoint> read(String body) {
    return KvEventSources.read(body.getBytes(UTF_8), URI.create("http://10.0.0.7:8000"));
  }

  private static String source(String endpoint, String replay) {
    return """
        {"enable_kv_cache_events":true,"publisher":"zmq","endpoint":%s,"replay_endpoint":%s}"""
        .formatted(endpoint, replay);
  }

  @Test
  void findsARecordedEngineAtItsReplicasHost() {
    assertThat(read(Recordings.named("kv_event_sources").responseText()))
        .containsExactly(new EventEndpoint(0, "tcp://10.0.0.7:5601", "tcp://10.0.0.7:5701"));
  }

  @Test
  void findsAllRanksInOrder() {
    String body =
        "{\"1\":%s,\"0\":%s}"
            .formatted(
                source("\"tcp://*:5558\"", "null"), source("\"tcp://0.0.0.0:5557\"", "null"));
    assertThat(read(body))
        .containsExactly(
            new EventEndpoint(0, "tcp://10.0.0.7:5557", null),
            new EventEndpoint(1, "tcp://10.0.0.7:5558", null));
  }

  @Test
  void keepsAnAddressThatIsNotAllInterfaces() {
    assertThat(read("{\"0\":" + source("\"tcp://10.9.9.9:5557\"", "\"tcp://[::]:5558\"") + "}"))
        .containsExactly(new EventEndpoint(0, "tcp://10.9.9.9:5557", "tcp://10.0.0.7:5558"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not JSON",
        "[]",
        "{}",
        "{\"0\":null}",
        "{\"0\":{\"enable_kv_cache_events\":false,\"publisher\":\"zmq\",\"endpoint\":\"tcp://*:1\"}}",
        "{\"0\":{\"enable_kv_cache_events\":true,\"publisher\":\"null\",\"endpoint\":\"tcp://*:1\"}}",
        "{\"0\":{\"enable_kv_cache_events\":true,\"publisher\":\"zmq\",\"endpoint\":\"ipc:///tmp/x\"}}",
        "{\"x\":{\"enable_kv_cache_events\":true,\"publisher\":\"zmq\",\"endpoint\":\"tcp://*:1\"}}",
      })
  void hasNoEndpointForSourcesThatCannotBeReceived(String body) {
    assertThat(read(body)).isEmpty();
  }
}
