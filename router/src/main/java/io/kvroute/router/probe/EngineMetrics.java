package io.kvroute.router.probe;

/**
 * What a scrape says of an engine. Zero stands for what it does not say; an engine with several
 * data-parallel ranks says the sum of requests and tokens and the mean use of its caches.
 *
 * @param blockSize tokens in a block
 * @param numBlocks blocks of one rank's cache
 * @param startedAtSeconds Unix time at which the engine's process started
 * @param prefixQueryTokens prompt tokens looked up in the prefix cache since then
 * @param prefixHitTokens those found there
 */
record EngineMetrics(
    int running,
    int waiting,
    double kvUsage,
    int blockSize,
    int numBlocks,
    double startedAtSeconds,
    double prefixQueryTokens,
    double prefixHitTokens) {

  static final EngineMetrics NONE = new EngineMetrics(0, 0, 0, 0, 0, 0, 0, 0);
}
