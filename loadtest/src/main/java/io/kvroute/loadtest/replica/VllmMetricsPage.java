package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.engine.EngineStats;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** The text of {@code GET /metrics}: the metrics of vLLM 0.32 that a router can use. */
final class VllmMetricsPage {

  private VllmMetricsPage() {}

  static String text(
      String model,
      EngineProfile profile,
      double startEpochSeconds,
      EngineStats stats,
      EngineTimes times) {
    PrometheusText out = new PrometheusText(model);
    out.family(
        "process_start_time_seconds",
        "Start time of the process since unix epoch in seconds.",
        "gauge");
    out.bare("process_start_time_seconds", "", startEpochSeconds);
    gauges(out, stats);
    counters(out, stats);
    times.write(out);
    out.family("vllm:cache_config_info", "Information of the LLMEngine CacheConfig", "gauge");
    out.bare("vllm:cache_config_info", cacheConfig(profile), 1);
    return out.toString();
  }

  private static void gauges(PrometheusText out, EngineStats stats) {
    out.single(
        "vllm:num_requests_running",
        "Number of requests in model execution batches.",
        "gauge",
        stats.running());
    out.single(
        "vllm:num_requests_waiting",
        "Number of requests waiting to be processed.",
        "gauge",
        stats.waiting());
    out.family(
        "vllm:num_requests_waiting_by_reason", "Number of waiting requests by reason.", "gauge");
    out.sample("vllm:num_requests_waiting_by_reason", "reason=\"capacity\"", stats.waiting());
    out.sample("vllm:num_requests_waiting_by_reason", "reason=\"deferred\"", 0);
    out.family("vllm:engine_sleep_state", "Engine sleep state.", "gauge");
    out.sample("vllm:engine_sleep_state", "sleep_state=\"awake\"", 1);
    out.sample("vllm:engine_sleep_state", "sleep_state=\"weights_offloaded\"", 0);
    out.sample("vllm:engine_sleep_state", "sleep_state=\"discard_all\"", 0);
    out.single(
        "vllm:kv_cache_usage_perc",
        "KV-cache usage. 1 means 100 percent usage.",
        "gauge",
        stats.usage());
  }

  private static void counters(PrometheusText out, EngineStats stats) {
    counter(
        out,
        "vllm:prefix_cache_queries",
        "Prefix cache queries, in terms of number of queried tokens.",
        stats.tokens().queried());
    counter(
        out,
        "vllm:prefix_cache_hits",
        "Prefix cache hits, in terms of number of cached tokens.",
        stats.tokens().hit());
    counter(
        out,
        "vllm:num_preemptions",
        "Cumulative number of preemption from the engine.",
        stats.steps().preemptions());
    counter(
        out, "vllm:prompt_tokens", "Number of prefill tokens processed.", stats.tokens().prompt());
    counter(
        out,
        "vllm:prompt_tokens_cached",
        "Number of cached prompt tokens (local + external).",
        stats.tokens().cachedPrompt());
    counter(
        out,
        "vllm:generation_tokens",
        "Number of generation tokens processed.",
        stats.tokens().answer());
    String finished = "vllm:request_success_total";
    out.family(finished, "Count of successfully processed requests.", "counter");
    finished(out, "stop", stats.finished().stopped());
    finished(out, "length", stats.finished().reachedLength());
    finished(out, "abort", stats.finished().aborted());
    finished(out, "error", 0);
  }

  private static void counter(PrometheusText out, String name, String help, long value) {
    out.single(name + "_total", help, "counter", value);
  }

  private static void finished(PrometheusText out, String reason, long value) {
    out.sample("vllm:request_success_total", "finished_reason=\"" + reason + "\"", value);
  }

  private static String cacheConfig(EngineProfile profile) {
    Map<String, String> labels = new TreeMap<>();
    labels.put("block_size", String.valueOf(profile.blockSize()));
    labels.put("cache_dtype", "auto");
    labels.put("enable_prefix_caching", "True");
    labels.put("engine", "0");
    labels.put("gpu_memory_utilization", "0.9");
    labels.put("hash_block_size", "None");
    labels.put("kv_cache_size_tokens", String.valueOf(profile.blocks() * profile.blockSize()));
    labels.put("num_cpu_blocks", "None");
    labels.put("num_gpu_blocks", String.valueOf(profile.blocks()));
    labels.put("num_gpu_blocks_override", String.valueOf(profile.blocks()));
    labels.put("prefix_caching_hash_algo", "sha256");
    labels.put("sliding_window", "None");
    labels.put("user_specified_block_size", "True");
    StringJoiner joined = new StringJoiner(",");
    labels.forEach((name, value) -> joined.add(name + "=\"" + value + "\""));
    return joined.toString();
  }
}
