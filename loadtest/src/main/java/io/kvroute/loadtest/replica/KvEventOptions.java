package io.kvroute.loadtest.replica;

import org.jspecify.annotations.Nullable;

/**
 * How a replica publishes KV events over ZMQ, as vLLM's {@code --kv-events-config} says.
 *
 * @param endpoint where ({@code tcp://HOST:PORT}, port 0 for any)
 * @param replay where they can be asked for again; null for nowhere
 * @param topic the messages' topic
 * @param bufferSteps batches kept for replay
 * @param highWaterMark messages queued for a slow subscriber, past which it loses some
 */
public record KvEventOptions(
    String endpoint, @Nullable String replay, String topic, int bufferSteps, int highWaterMark) {

  private static final int DEFAULT_BUFFER_STEPS = 10_000;
  private static final int DEFAULT_HIGH_WATER_MARK = 100_000;

  public KvEventOptions {
    require("bufferSteps", bufferSteps);
    require("highWaterMark", highWaterMark);
  }

  /** With vLLM's defaults for what is not named. */
  public static KvEventOptions at(String endpoint, @Nullable String replay, String topic) {
    return new KvEventOptions(
        endpoint, replay, topic, DEFAULT_BUFFER_STEPS, DEFAULT_HIGH_WATER_MARK);
  }

  /** On any ports of the loopback, with replay. */
  public static KvEventOptions anywhere(String topic) {
    return at("tcp://127.0.0.1:0", "tcp://127.0.0.1:0", topic);
  }

  /** The same with other limits. */
  public KvEventOptions withLimits(int newBufferSteps, int newHighWaterMark) {
    return new KvEventOptions(endpoint, replay, topic, newBufferSteps, newHighWaterMark);
  }

  private static void require(String property, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(property + ": " + value + " (expected: >= 1)");
    }
  }
}
