package io.kvroute.router.probe;

import io.kvroute.router.fleet.EngineLoad;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads trtllm-serve's {@code /metrics}: a JSON array with statistics of the last iterations.
 * Reading empties the array, so it is often empty.
 */
final class TrtllmMetrics {

  private static final JsonMapper MAPPER = new JsonMapper();

  private TrtllmMetrics() {}

  /**
   * The metrics of the newest iteration.
   *
   * @return {@code before} if there is no new iteration; null if the body is not TensorRT-LLM's
   */
  static @Nullable EngineMetrics read(byte[] body, EngineMetrics before) {
    JsonNode iterations;
    try {
      iterations = MAPPER.readTree(body);
    } catch (JacksonException e) {
      return null;
    }
    if (!iterations.isArray()) {
      return null;
    }
    if (iterations.isEmpty()) {
      return before;
    }
    JsonNode last = iterations.get(iterations.size() - 1);
    JsonNode cache = last.path("kvCacheStats");
    int blocks = cache.path("maxNumBlocks").asInt(0);
    int used = cache.path("usedNumBlocks").asInt(0);
    return new EngineMetrics(
        new EngineLoad(
            last.path("numActiveRequests").asInt(0),
            last.path("numQueuedRequests").asInt(0),
            blocks == 0 ? 0 : (double) used / blocks),
        cache.path("tokensPerBlock").asInt(0),
        blocks,
        0,
        0,
        0);
  }
}
