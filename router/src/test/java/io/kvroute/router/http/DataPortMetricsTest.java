package io.kvroute.router.http;

import static io.kvroute.router.http.ResponseRelayTest.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.testing.NoBufferLeaks;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoBufferLeaks.class)
final class DataPortMetricsTest {

  private static final String CHAT = "/v1/chat/completions";

  /** The names are a contract with dashboards. */
  @Test
  void metricsHaveTheirNames() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    DataPortMetrics metrics = new DataPortMetrics(registry);
    metrics.parsed(20_000);
    metrics.answered("m", Endpoint.CHAT_COMPLETIONS, 200);
    metrics.firstToken("m", TimeUnit.MILLISECONDS.toNanos(80));
    metrics.completed("m", TimeUnit.SECONDS.toNanos(2));
    metrics.retried("connect");
    metrics.refused(Endpoint.COMPLETIONS, 413);

    assertThat(registry.scrape())
        .contains(
            "kvroute_requests_total{code=\"200\",endpoint=\"/v1/chat/completions\",model=\"m\"} 1.0")
        .contains(
            "kvroute_requests_total{code=\"413\",endpoint=\"/v1/completions\",model=\"none\"}")
        .contains("kvroute_ttft_seconds_bucket{model=\"m\",le=\"0.1\"} 1")
        .contains("kvroute_ttft_seconds_bucket{model=\"m\",le=\"0.05\"} 0")
        .contains("kvroute_request_seconds_sum{model=\"m\"} 2.0")
        .contains("kvroute_retries_total{reason=\"connect\"} 1.0")
        .contains("kvroute_rejected_total{reason=\"too-large\"} 1.0")
        .contains("kvroute_overhead_seconds_count{stage=\"parse\"} 1");
  }

  @Test
  void aResponseIsCountedByItsModelEndpointAndStatus() throws IOException {
    try (FakeReplica replica =
            new FakeReplica(
                call -> {
                  if (call.ordinalOnConnection() == 1) {
                    call.ok("application/json", "{}");
                  } else {
                    call.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}");
                  }
                });
        ProxyFixture proxy = ProxyFixture.to(replica)) {
      RawClient client = proxy.client();
      client.post(CHAT, chat()).read();
      client.post(CHAT, chat()).read();
      client.post("/v1/nowhere", chat()).read();

      assertThat(proxy.count("kvroute.requests", "model", "qwen3", "code", "200")).isOne();
      assertThat(proxy.count("kvroute.requests", "model", "qwen3", "code", "400")).isOne();
      assertThat(proxy.count("kvroute.requests", "endpoint", CHAT)).isEqualTo(2);
      assertThat(proxy.count("kvroute.requests", "endpoint", "none", "code", "404")).isOne();
    }
  }
}
