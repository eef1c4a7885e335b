package io.kvroute.router.route;

import io.kvroute.router.index.PromptKeys;

/**
 * What is known of one replica's cache, and how it comes to be known; keeps the replica's view in
 * the index. Confined to the router's lock.
 */
interface ReplicaCache {

  /** One request's way through the cache. */
  interface Passage {

    void firstToken();

    /**
     * The answer has grown.
     *
     * @param tokens tokens generated in all, as far as they can be counted
     */
    void generated(int tokens);

    void ended(Outcome outcome);
  }

  /** Where the knowledge comes from: {@code events}, {@code shadow} or {@code none}. */
  String knowledge();

  /**
   * A request was sent: what it will leave in the cache shows in the index at once.
   *
   * @param admissionNanos when the engine will probably begin with it
   */
  Passage expect(PromptKeys prompt, long admissionNanos);

  /** Brings the cache to the present. */
  void advance(long nowNanos);

  /** The engine started again, with nothing cached. */
  void restart();

  /** The engine told another number of blocks, its null block included. */
  void resize(int blocks);

  /** Blocks the engine can give out. */
  int capacity();

  /** Blocks it is believed to hold. */
  int blocksHeld();

  /** Forgets all; nothing is entered any more. */
  void close();
}
