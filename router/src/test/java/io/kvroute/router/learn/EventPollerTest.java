package io.kvroute.router.learn;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.TestGuards;
import io.kvroute.router.route.EventTrust;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Polls a TensorRT-LLM engine over real HTTP. */
final class EventPollerTest {

  private static final ReplicaId REPLICA = new ReplicaId("r1");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final WireMockServer engine =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));
  private final StreamFixture fixture = new StreamFixture();
  private final EventPoller poller = new EventPoller(TestGuards.UNCOUNTED);

  @BeforeEach
  void start() {
    engine.start();
    engine.stubFor(post("/kv_cache_events").willReturn(okJson("[" + STORED + "]")));
    poller.subscribe(
        REPLICA,
        URI.create("http://127.0.0.1:" + engine.port()),
        StreamFixture.BLOCK_SIZE,
        fixture,
        fixture);
    await().atMost(PATIENCE).until(() -> fixture.trust == EventTrust.COMPLETE);
    engine.stubFor(post("/kv_cache_events").willReturn(okJson("[]")));
  }

  @AfterEach
  void stop() {
    poller.close();
    engine.stop();
  }

  private static final String STORED =
      """
      {"event_id":0,"data":{"type":"stored","parent_hash":null,"blocks":[{"block_hash":7,
      "tokens":[%s]}]}}
      """
          .formatted(
              String.join(",", Collections.nCopies(StreamFixture.BLOCK_SIZE, "{\"token_id\":7}")));

  @Test
  void anEngineThatAnswersNoPollForLongIsUnreachableUntilItDoes() {
    engine.stubFor(post("/kv_cache_events").willReturn(aResponse().withStatus(503)));
    await().atMost(PATIENCE).until(() -> fixture.silent);
    engine.stubFor(post("/kv_cache_events").willReturn(okJson("[]")));
    await().atMost(PATIENCE).until(() -> !fixture.silent);
    assertThat(fixture.trust).isNotEqualTo(EventTrust.NONE);
  }
}
