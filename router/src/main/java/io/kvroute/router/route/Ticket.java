package io.kvroute.router.route;

import io.kvroute.router.fleet.Replica;

/**
 * A request's reservation on a replica, from the pick to the end of its answer. Every path ends in
 * {@link #close}; only the first call counts. Thread-safe.
 */
public interface Ticket {

  Replica replica();

  /** Leading tokens of the prompt believed to be in the replica's cache when it was picked. */
  int matchedTokens();

  /** The most any replica was believed to hold. */
  int bestMatchedTokens();

  /** The first token has come: prefill is done. */
  void firstToken();

  /** So many more chunks of the answer have come. */
  void generated(int chunks);

  void close(Outcome outcome);

  /** Whether {@link #answered} would tell anything that nobody else tells. */
  boolean wantsAnswer();

  /** The ids of the answer have become known after it ended. */
  void answered(int[] ids);
}
