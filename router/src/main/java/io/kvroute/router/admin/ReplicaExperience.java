package io.kvroute.router.admin;

/**
 * What requests have met with at a replica since it joined.
 *
 * @param errors requests that it did not serve
 * @param meanTtftSeconds the mean time to first token, negative before the first one
 */
public record ReplicaExperience(long errors, double meanTtftSeconds) {

  /** Before the first request. */
  static final ReplicaExperience NONE = new ReplicaExperience(0, -1);
}
