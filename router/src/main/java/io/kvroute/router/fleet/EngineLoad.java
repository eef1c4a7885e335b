package io.kvroute.router.fleet;

/**
 * What a replica said of its load when last asked; requests of other routers and clients are in it.
 *
 * @param running sequences being computed
 * @param waiting requests queued
 * @param kvUsage share of KV blocks in use by running sequences, 0 to 1
 */
public record EngineLoad(int running, int waiting, double kvUsage) {
  public static final EngineLoad NONE = new EngineLoad(0, 0, 0);
}
