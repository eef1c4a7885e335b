package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;

/**
 * Is told when predictions of a replica's cache were wrong. Called on the threads that report
 * requests and scrapes, several at a time: must be quick and thread-safe.
 */
public interface KnowledgeObserver {

  /** What contradicted the prediction. */
  enum Witness {
    /** The cached tokens that an answer reported. */
    USAGE,
    /** The engine's own counters, over the requests between scrapes. */
    COUNTERS
  }

  /** An engine reused many more or many fewer tokens than predicted. */
  void disagreed(ReplicaId replica, Witness witness);

  /**
   * Predictions have become unreliable, or reliable again.
   *
   * @param disputed whether knowledge of the replica's cache is disputed now
   */
  void disputed(ReplicaId replica, boolean disputed);

  /** Most predicted tokens were not cached, as after a restart. */
  void lost(ReplicaId replica);
}
