package io.kvroute.router.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.fleet.EngineLoad;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads vLLM's metrics in Prometheus text format, versions 0.9 to 0.33. Reads only the few lines
 * that matter; the other thousand are skipped by their first bytes.
 */
final class VllmMetrics {

  private static final byte[] PREFIX = "vllm:".getBytes(US_ASCII);
  private static final byte[] STARTED = "process_start_time_seconds".getBytes(US_ASCII);

  private final byte[] text;
  private boolean vllm;
  private double running;
  private double waiting;
  private double kvUsage;
  private int ranks;
  private int blockSize;
  private int numBlocks;
  private double startedAtSeconds;

  /** When a counter was created; stands for the process's start if that is not reported. */
  private double createdAtSeconds;

  private double queries;
  private double hits;
  private boolean asleep;

  private VllmMetrics(byte[] text) {
    this.text = text;
  }

  /** The metrics in the text, null if it is not vLLM's. */
  static @Nullable EngineMetrics read(byte[] text) {
    return new VllmMetrics(text).read();
  }

  private @Nullable EngineMetrics read() {
    int from = 0;
    while (from < text.length) {
      int to = from;
      while (to < text.length && text[to] != '\n') {
        to++;
      }
      if (startsWith(from, to, PREFIX) || startsWith(from, to, STARTED)) {
        line(new String(text, from, to - from, UTF_8).strip());
      }
      from = to + 1;
    }
    if (!vllm) {
      return null;
    }
    return new EngineMetrics(
        new EngineLoad((int) running, (int) waiting, ranks == 0 ? 0 : kvUsage / ranks),
        blockSize,
        numBlocks,
        startedAtSeconds > 0 ? startedAtSeconds : createdAtSeconds,
        queries,
        hits,
        asleep);
  }

  private boolean startsWith(int from, int to, byte[] prefix) {
    return to - from > prefix.length
        && Arrays.equals(text, from, from + prefix.length, prefix, 0, prefix.length);
  }

  private void line(String line) {
    int brace = line.indexOf('{');
    int space = line.lastIndexOf(' ');
    if (space < 0) {
      return;
    }
    double value = number(line.substring(space + 1));
    if (Double.isNaN(value)) {
      return;
    }
    switch (line.substring(0, brace < 0 ? space : brace)) {
      case "process_start_time_seconds" -> startedAtSeconds = value;
      case "vllm:num_requests_running" -> {
        vllm = true;
        running += value;
      }
      case "vllm:num_requests_waiting" -> waiting += value;
      case "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc" -> {
        kvUsage += value;
        ranks++;
      }
      case "vllm:prefix_cache_queries_total", "vllm:gpu_prefix_cache_queries_total" ->
          queries += value;
      case "vllm:prefix_cache_queries_created", "vllm:gpu_prefix_cache_queries_created" ->
          createdAtSeconds = Math.max(createdAtSeconds, value);
      case "vllm:prefix_cache_hits_total", "vllm:gpu_prefix_cache_hits_total" -> hits += value;
      case "vllm:engine_sleep_state" ->
          asleep |= value > 0 && !line.contains("sleep_state=\"awake\"");
      case "vllm:cache_config_info" -> {
        blockSize = label(line, "block_size", blockSize);
        numBlocks = label(line, "num_gpu_blocks", numBlocks);
      }
      default -> {}
    }
  }

  /** The number in the label {@code name}; {@code otherwise} if it has none, as in "None". */
  private static int label(String line, String name, int otherwise) {
    String wanted = name + "=\"";
    int at = line.indexOf(wanted);
    while (at > 0 && line.charAt(at - 1) != '{' && line.charAt(at - 1) != ',') {
      at = line.indexOf(wanted, at + 1);
    }
    int end = at < 0 ? -1 : line.indexOf('"', at + wanted.length());
    if (end < 0) {
      return otherwise;
    }
    double value = number(line.substring(at + wanted.length(), end));
    return value > 0 ? (int) value : otherwise;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
