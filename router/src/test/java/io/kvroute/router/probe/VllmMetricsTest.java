package io.kvroute.router.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kvroute.router.fleet.EngineLoad;
import io.kvroute.router.openai.Recordings;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VllmMetricsTest {

  @Test
  void readsARecordedScrape() {
    assertThat(VllmMetrics.read(Recordings.named("metrics").response()))
        .isEqualTo(
            new EngineMetrics(new EngineLoad(0, 0, 0), 32, 1000, 1.79524596616e+09, 50086, 960));
  }

  @Test
  void readsTheNamesOfOldVersions() {
    String text =
        """
        # TYPE vllm:cache_config_info gauge
        vllm:cache_config_info{block_size="16",hash_block_size="None",num_gpu_blocks="9000"} 1.0
        vllm:num_requests_running{model_name="m"} 3.0
        vllm:num_requests_waiting{model_name="m"} 1.0
        vllm:gpu_cache_usage_perc{model_name="m"} 0.25
        vllm:gpu_prefix_cache_queries_total{model_name="m"} 400.0
        vllm:gpu_prefix_cache_hits_total{model_name="m"} 100.0
        """;

    assertThat(VllmMetrics.read(text.getBytes(UTF_8)))
        .isEqualTo(new EngineMetrics(new EngineLoad(3, 1, 0.25), 16, 9000, 0, 400, 100));
  }

  @Test
  void usesTheCreationTimeOfCountersIfNoStartTimeIsReported() {
    String text =
        """
        vllm:num_requests_running{model_name="m"} 0.0
        vllm:prefix_cache_queries_created{engine="0",model_name="m"} 1.79e+09
        vllm:prefix_cache_queries_created{engine="1",model_name="m"} 1.8e+09
        """;

    assertThat(Objects.requireNonNull(VllmMetrics.read(text.getBytes(UTF_8))).startedAtSeconds())
        .isEqualTo(1.8e+09);
  }

  @Test
  void sumsTheRanksOfADataParallelEngine() {
    String text =
        """
        vllm:num_requests_running{engine="0",model_name="m"} 3.0
        vllm:num_requests_running{engine="1",model_name="m"} 4.0
        vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.2
        vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.4
        vllm:cache_config_info{block_size="16",engine="0",num_gpu_blocks="None"} 1.0
        """;

    EngineMetrics metrics = Objects.requireNonNull(VllmMetrics.read(text.getBytes(UTF_8)));

    assertThat(metrics.load().running()).isEqualTo(7);
    assertThat(metrics.load().kvUsage()).isCloseTo(0.3, within(1e-9));
    assertThat(metrics.numBlocks()).isZero();
  }

  @Test
  void rejectsMetricsOfOtherEngines() {
    assertThat(VllmMetrics.read("[]".getBytes(UTF_8))).isNull();
    assertThat(VllmMetrics.read("process_start_time_seconds 1.0\n".getBytes(UTF_8))).isNull();
    assertThat(VllmMetrics.read(new byte[0])).isNull();
  }

  @FuzzTest(maxDuration = "20s")
  void readsAnyBytes(byte[] text) {
    EngineMetrics metrics = VllmMetrics.read(text);
    assertThat(metrics == null || metrics.numBlocks() >= 0).isTrue();
  }

  @Test
  void aSleepingEngineSaysSo() {
    String running = "vllm:num_requests_running{engine=\"0\"} 0.0\n";
    String state = "vllm:engine_sleep_state{engine=\"0\",sleep_state=\"%s\"} %s\n";
    String asleep =
        running + state.formatted("awake", "0.0") + state.formatted("weights_offloaded", "1.0");
    String awake =
        running + state.formatted("awake", "1.0") + state.formatted("weights_offloaded", "0.0");

    assertThat(Objects.requireNonNull(VllmMetrics.read(asleep.getBytes(UTF_8))).asleep()).isTrue();
    assertThat(Objects.requireNonNull(VllmMetrics.read(awake.getBytes(UTF_8))).asleep()).isFalse();
  }
}
