package io.kvroute.router.probe;

import io.kvroute.router.fleet.ReplicaId;

/** Is told an engine's own counters of its prefix cache; called on the probes' thread. */
public interface CacheCounters {

  /**
   * A scrape has come.
   *
   * @param queryTokens prompt tokens looked up since the engine started
   * @param hitTokens those found
   */
  void scraped(ReplicaId id, double queryTokens, double hitTokens);
}
