package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;

/**
 * How a replica publishes KV events over ZMQ; the settings of vLLM's {@code --kv-events-config}.
 *
 * @param endpoint endpoint of the publisher ({@code tcp://HOST:PORT}, port 0 for any)
 * @param replay endpoint for replays; null for none
 * @param topic topic of the messages
 * @param bufferSteps number of batches kept for replay
 * @param highWaterMark number of messages queued for a slow subscriber; further ones are lost
 */
public record KvEventOptions(
    String endpoint, @Nullable String replay, String topic, int bufferSteps, int highWaterMark) {

  private static final int DEFAULT_BUFFER_STEPS = 10_000;
  private static final int DEFAULT_HIGH_WATER_MARK = 100_000;

  public KvEventOptions {
    require("bufferSteps", bufferSteps);
    require("highWaterMark", highWaterMark);
  }

  /** Options with vLLM's defaults for the other settings. */
  public static KvEventOptions at(String endpoint, @Nullable String replay, String topic) {
    return new KvEventOptions(
        endpoint, replay, topic, DEFAULT_BUFFER_STEPS, DEFAULT_HIGH_WATER_MARK);
  }

  /** Options with free loopback ports and replay. */
  public static KvEventOptions anywhere(String topic) {
    return at("tcp://127.0.0.1:0", "tcp://127.0.0.1:0", topic);
  }

  /** The same options with other limits. */
  public KvEventOptions withLimits(int newBufferSteps, int newHighWaterMark) {
    return new KvEventOptions(endpoint, replay, topic, newBufferSteps, newHighWaterMark);
  }

  private static void require(String property, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= 1)");
    }
  }
}
