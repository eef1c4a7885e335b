package io.kvroute.router.route;

import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;

/**
 * What a replica is believed to hold in its cache, as it shows in the index, and what requests sent
 * there do to it. Guarded by the router's lock.
 */
interface ReplicaCache {

  /** One request's way through the cache, from its routing to its end. */
  interface Passage {

    /** The passage of a request of whose prompt nothing is known. */
    Passage UNSEEN =
        new Passage() {
          @Override
          public void firstToken() {}

          @Override
          public void generated(int tokens) {}

          @Override
          public void ended(Outcome outcome, int tokens) {}
        };

    void firstToken();

    /**
     * The answer has grown.
     *
     * @param tokens tokens in all
     */
    void generated(int tokens);

    /**
     * The request has ended.
     *
     * @param tokens tokens generated in all, as far as they were seen
     */
    void ended(Outcome outcome, int tokens);

    /** Whether more is known of the cache once the answer's ids are. */
    default boolean wantsAnswer() {
      return false;
    }

    /** The ids of the answer have become known after it ended. */
    default void answered(int[] ids) {}
  }

  /**
   * A request was sent to the replica; what it will leave in the cache shows at once.
   *
   * @param admissionNanos when the engine will probably take it up
   */
  Passage expect(PromptKeys prompt, long admissionNanos, long nowNanos);

  /**
   * Of the first blocks of a prompt that the index says are held, how many will still be there when
   * the engine takes the prompt up, after those sent there before.
   */
  int lasting(BlockKeys keys, int held);

  /** Time has passed. */
  void advance(long nowNanos);

  int blockSize();

  /** Blocks seen in the index. */
  int heldBlocks();

  /** Blocks the engine can give out, 0 where that is unknown. */
  int capacityBlocks();

  /** Blocks that running requests have. */
  int usedBlocks();
}
