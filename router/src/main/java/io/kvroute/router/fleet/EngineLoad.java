package io.kvroute.router.fleet;

/**
 * A replica's load as the engine last reported it, requests of other routers and clients included.
 *
 * @param running sequences that the engine computes
 * @param waiting queued requests
 * @param kvUsage share of the KV blocks allocated to running sequences, 0 to 1
 */
public record EngineLoad(int running, int waiting, double kvUsage) {
  public static final EngineLoad NONE = new EngineLoad(0, 0, 0);
}
