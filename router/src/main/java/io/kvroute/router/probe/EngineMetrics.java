package io.kvroute.router.probe;

import io.kvroute.router.fleet.EngineLoad;

/**
 * The metrics of an engine at one scrape; 0 for metrics that it does not have. Of several
 * data-parallel ranks, requests and tokens are summed and cache usage is averaged.
 *
 * @param blockSize tokens in a block
 * @param numBlocks blocks in one rank's cache
 * @param startedAtSeconds Unix time when the engine's process started
 * @param prefixQueryTokens prompt tokens looked up in the prefix cache since the start
 * @param prefixHitTokens of these, tokens found
 * @param asleep whether the engine says that it sleeps: it is healthy, but answers no request
 */
record EngineMetrics(
    EngineLoad load,
    int blockSize,
    int numBlocks,
    double startedAtSeconds,
    double prefixQueryTokens,
    double prefixHitTokens,
    boolean asleep) {

  EngineMetrics(
      EngineLoad load,
      int blockSize,
      int numBlocks,
      double startedAtSeconds,
      double prefixQueryTokens,
      double prefixHitTokens) {
    this(load, blockSize, numBlocks, startedAtSeconds, prefixQueryTokens, prefixHitTokens, false);
  }

  static final EngineMetrics NONE = new EngineMetrics(new EngineLoad(0, 0, 0), 0, 0, 0, 0, 0);
}
