package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineProfile;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a simulated replica.
 *
 * @param port port of its HTTP server, on all addresses of this host; 0 for any
 * @param served the served names of its model
 * @param profile the engine's memory and speed
 * @param seed seed of its answers; replicas with the same seed give the same answers
 * @param answerTokens mean length of answers to requests without a limit
 * @param promptTokensDetails whether usage reports cached tokens
 * @param autoToolChoice whether requests with tools may leave the choice to the model
 * @param kvEvents how KV events are published; null for no events
 * @param faults the faults at the start
 */
public record ReplicaOptions(
    int port,
    ServedNames served,
    EngineProfile profile,
    long seed,
    int answerTokens,
    boolean promptTokensDetails,
    boolean autoToolChoice,
    @Nullable KvEventOptions kvEvents,
    Faults faults) {

  public ReplicaOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    if (answerTokens < 2) {
      throw new IllegalArgumentException("answerTokens: " + answerTokens + " (expected: >= 2)");
    }
  }

  /** A replica on any port, with no faults and no events. */
  public static ReplicaOptions of(String model, EngineProfile profile, long seed) {
    return new ReplicaOptions(
        0, ServedNames.of(model), profile, seed, 128, true, true, null, Faults.NONE);
  }

  /** The name in its answers: the first of the served names. */
  public String model() {
    return served.first();
  }

  /** The same settings with other names. */
  public ReplicaOptions withServed(ServedNames names) {
    return new ReplicaOptions(
        port,
        names,
        profile,
        seed,
        answerTokens,
        promptTokensDetails,
        autoToolChoice,
        kvEvents,
        faults);
  }

  /** The same settings with KV events. */
  public ReplicaOptions withKvEvents(KvEventOptions events) {
    return new ReplicaOptions(
        port,
        served,
        profile,
        seed,
        answerTokens,
        promptTokensDetails,
        autoToolChoice,
        events,
        faults);
  }

  /** The same settings with another port. */
  public ReplicaOptions withPort(int newPort) {
    return new ReplicaOptions(
        newPort,
        served,
        profile,
        seed,
        answerTokens,
        promptTokensDetails,
        autoToolChoice,
        kvEvents,
        faults);
  }
}
