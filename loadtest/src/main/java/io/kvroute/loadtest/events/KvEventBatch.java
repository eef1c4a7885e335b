package io.kvroute.loadtest.events;

import io.kvroute.loadtest.engine.EngineKvEvent;
import java.util.List;

/**
 * The events of one engine step.
 *
 * @param seconds time of the step, in seconds since the epoch
 * @param events in the order in which the engine made them
 * @param rank the engine's data-parallel rank
 */
public record KvEventBatch(double seconds, List<EngineKvEvent> events, int rank) {

  public KvEventBatch {
    events = List.copyOf(events);
  }
}
