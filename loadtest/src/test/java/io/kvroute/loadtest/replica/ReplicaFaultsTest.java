package io.kvroute.loadtest.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.loadtest.engine.EngineProfile;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BufferLeaks.class)
@SuppressWarnings("NullAway.Init") // started before each test
class ReplicaFaultsTest {

  private static final String PATH = "/v1/completions";
  private static final String BODY = "{\"prompt\":\"hello\",\"max_tokens\":5%s}";

  private SimulatedReplica replica;

  @BeforeEach
  void start() throws IOException {
    EngineProfile profile = EngineProfile.qwen3OnL4();
    profile = profile.withCost(profile.cost().withInterTokenMillis(0.2));
    replica = SimulatedReplica.start(ReplicaOptions.of("m", profile, 7), new PlainText());
  }

  @AfterEach
  void stop() {
    replica.close();
  }

  @Test
  void resetsConnections() throws IOException {
    faults("{\"refuse\":true}");

    assertThatThrownBy(() -> RawHttp.get(replica.port(), "/health"))
        .isInstanceOf(SocketException.class);

    faults("{}");
    assertThat(RawHttp.get(replica.port(), "/health").status()).isEqualTo(200);
  }

  @Test
  void neverAnswers() throws IOException {
    faults("{\"hang\":true}");
    try (RawHttp http = new RawHttp(replica.port())) {
      http.timeoutMillis(200);
      http.send("GET", "/health", "");

      assertThatThrownBy(http::answer).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void answersWithAStatusAsManyTimesAsTold() throws IOException {
    faults("{\"status\":503,\"times\":2}");

    assertThat(generate("").status()).isEqualTo(503);
    assertThat(RawHttp.get(replica.port(), "/health").status()).isEqualTo(200);
    assertThat(generate("").body()).contains("\"code\":503");
    assertThat(generate("").status()).isEqualTo(200);
  }

  @Test
  void takesRequestsUpLater() throws IOException {
    faults("{\"delay_millis\":300}");
    long before = System.nanoTime();

    assertThat(generate("").status()).isEqualTo(200);
    assertThat(System.nanoTime() - before).isGreaterThan(300_000_000L);
  }

  @Test
  void diesAfterSomeEventsOfAStream() throws IOException {
    faults("{\"die_after_chunks\":2}");
    try (RawHttp http = new RawHttp(replica.port())) {
      http.send("POST", PATH, BODY.formatted(",\"stream\":true"));

      assertThat(http.head().status()).isEqualTo(200);
      assertThat(http.chunk()).contains("Yes");
      assertThat(http.chunk()).contains(" indeed");
      assertThatThrownBy(http::chunk).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesFaultsThatMakeNoSense() throws IOException {
    assertThat(RawHttp.post(replica.port(), "/control/faults", "{\"status\":200}").body())
        .contains("status: 200 (expected: 400..599, or 0)");
    assertThat(RawHttp.post(replica.port(), "/control/faults", "nonsense").status()).isEqualTo(400);
    assertThat(RawHttp.get(replica.port(), "/control/nothing").status()).isEqualTo(404);
  }

  private void faults(String json) throws IOException {
    assertThat(RawHttp.post(replica.port(), "/control/faults", json).status()).isEqualTo(200);
  }

  private RawHttp.Answer generate(String more) throws IOException {
    return RawHttp.post(replica.port(), PATH, BODY.formatted(more));
  }
}
