package io.kvroute.loadtest.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.loadtest.engine.EngineProfile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(BufferLeaks.class)
class ReplicaMetricsTest {

  private static final Pattern SAMPLE =
      Pattern.compile("([a-z0-9_:]+)(\\{(?:[a-z_]+=\"[^\"]*\",?)*})? ([-+0-9.eE]+|NaN)");

  @Test
  void tellsWhatTheEngineCounted() throws IOException {
    EngineProfile profile = EngineProfile.qwen3OnL4();
    profile = profile.withCost(profile.cost().withInterTokenMillis(0.2)).withBlocks(1000, 32);
    try (SimulatedReplica replica =
        SimulatedReplica.start(ReplicaOptions.of("qwen3", profile, 7), new PlainText())) {
      String body = "{\"prompt\":\"%s\",\"max_tokens\":4}".formatted("x".repeat(100));
      RawHttp.post(replica.port(), "/v1/completions", body);
      RawHttp.post(replica.port(), "/v1/completions", body);

      RawHttp.Answer answer = RawHttp.get(replica.port(), "/metrics");
      Map<String, Double> samples = parse(answer.body());

      assertThat(answer.headers())
          .containsEntry("content-type", "text/plain; version=1.0.0; charset=utf-8");
      String labels = "{engine=\"0\",model_name=\"qwen3\"}";
      assertThat(samples)
          .containsEntry("vllm:prefix_cache_queries_total" + labels, 200.0)
          .containsEntry("vllm:prefix_cache_hits_total" + labels, 96.0)
          .containsEntry("vllm:prompt_tokens_total" + labels, 200.0)
          .containsEntry("vllm:generation_tokens_total" + labels, 8.0)
          .containsEntry("vllm:num_requests_running" + labels, 0.0)
          .containsEntry("vllm:num_requests_waiting" + labels, 0.0)
          .containsEntry("vllm:kv_cache_usage_perc" + labels, 0.0)
          .containsEntry("vllm:time_to_first_token_seconds_count" + labels, 2.0)
          .containsEntry("vllm:inter_token_latency_seconds_count" + labels, 6.0);
      double now = System.currentTimeMillis() / 1e3;
      assertThat(samples.get("process_start_time_seconds")).isBetween(now - 60, now);
      assertThat(samples.keySet())
          .anyMatch(
              key ->
                  key.startsWith("vllm:cache_config_info{")
                      && key.contains("block_size=\"32\"")
                      && key.contains("num_gpu_blocks=\"1000\""));
    }
  }

  /** Every line is a comment or a sample, and no sample occurs twice. */
  private static Map<String, Double> parse(String text) {
    Map<String, Double> samples = new HashMap<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ") || line.startsWith("# TYPE ")) {
        continue;
      }
      Matcher sample = SAMPLE.matcher(line);
      assertThat(sample.matches()).as(line).isTrue();
      String labels = sample.group(2) == null ? "" : sample.group(2);
      String key = sample.group(1) + labels;
      assertThat(samples.put(key, Double.parseDouble(sample.group(3)))).as(key).isNull();
    }
    return samples;
  }
}
