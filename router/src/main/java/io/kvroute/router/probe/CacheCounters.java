package io.kvroute.router.probe;

import io.kvroute.router.fleet.ReplicaId;

/** Receives an engine's own counters of its prefix cache. Called on the probes' thread. */
public interface CacheCounters {

  /**
   * The counters were scraped.
   *
   * @param queryTokens prompt tokens looked up since the engine started
   * @param hitTokens of these, tokens found in the cache
   */
  void scraped(ReplicaId id, double queryTokens, double hitTokens);
}
