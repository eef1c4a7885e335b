package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;

/**
 * Told where what was believed of a replica's cache was wrong. Called on the threads that tell of
 * requests and scrapes, several at once: must be quick and thread-safe.
 */
public interface KnowledgeObserver {

  /** Who contradicted. */
  enum Witness {
    /** The cached tokens that an answer reported. */
    USAGE,
    /** The engine's own counters, over the requests between scrapes. */
    COUNTERS
  }

  /** An engine reused much more, or much less, than was believed. */
  void disagreed(ReplicaId replica, Witness witness);

  /**
   * Disagreement has become the rule, or has ceased to be.
   *
   * @param disputed whether what is known of the replica's cache must be doubted
   */
  void disputed(ReplicaId replica, boolean disputed);

  /** Most of what the replica was believed to hold was not there, as after a restart. */
  void lost(ReplicaId replica);
}
