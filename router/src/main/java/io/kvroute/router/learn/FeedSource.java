package io.kvroute.router.learn;

import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.EventEndpoint;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.fleet.ReplicaView;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a replica's KV events reach the router. */
sealed interface FeedSource {

  /** vLLM publishes them over ZMQ. */
  record Published(List<EventEndpoint> endpoints) implements FeedSource {}

  /** TensorRT-LLM is polled over HTTP. */
  record Polled() implements FeedSource {}

  /**
   * The source that the configuration names, or else the one that the engine names.
   *
   * @param discover whether sources that the configuration does not name count
   * @return null if neither names one
   */
  static @Nullable FeedSource of(ReplicaView view, boolean discover) {
    ReplicaSpec spec = view.replica().spec();
    URI live = spec.kvEvents();
    URI replay = spec.kvReplay();
    if (live != null) {
      return new Published(
          List.of(
              new EventEndpoint(0, live.toString(), replay == null ? null : replay.toString())));
    }
    if (!discover) {
      return null;
    }
    if (view.facts().engine() == EngineKind.TRTLLM) {
      return new Polled();
    }
    List<EventEndpoint> named = view.facts().events();
    return named.isEmpty() ? null : new Published(named);
  }
}
