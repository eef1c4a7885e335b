package io.kvroute.router.route;

/**
 * What one request does to a replica's cache, from its routing to its end. Guarded by the router's
 * lock, except {@link #wantsAnswer}.
 */
interface CacheUse {

  /** The use by a request that leaves no trace in the index. */
  CacheUse NONE =
      new CacheUse() {
        @Override
        public void firstToken() {}

        @Override
        public void generated(int tokens) {}

        @Override
        public void ended(Outcome outcome, int tokens) {}
      };

  /** The request's prefill is done. */
  void firstToken();

  /**
   * The answer has grown.
   *
   * @param tokens tokens generated since the request began
   */
  void generated(int tokens);

  /**
   * The request has ended.
   *
   * @param tokens tokens generated, as far as the router saw them
   */
  void ended(Outcome outcome, int tokens);

  /** Whether the answer's token ids would make the cache better known. Needs no lock. */
  default boolean wantsAnswer() {
    return false;
  }

  /** The answer's token ids have become known after the request ended. */
  default void answered(int[] ids) {}
}
