package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import java.util.List;

/**
 * Told of decisions and of what became of them. Called outside the router's lock on the threads
 * that call the router, several at once: must be quick and thread-safe.
 */
public interface RouteObserver {

  /** Tells several observers, in their order. */
  static RouteObserver all(RouteObserver... observers) {
    List<RouteObserver> all = List.of(observers);
    return new RouteObserver() {
      @Override
      public void routed(Routed routed) {
        all.forEach(observer -> observer.routed(routed));
      }

      @Override
      public void finished(Finished finished) {
        all.forEach(observer -> observer.finished(finished));
      }

      @Override
      public void session(boolean stayed) {
        all.forEach(observer -> observer.session(stayed));
      }
    };
  }

  /** Does nothing. */
  RouteObserver NONE =
      new RouteObserver() {
        @Override
        public void routed(Routed routed) {}

        @Override
        public void finished(Finished finished) {}

        @Override
        public void session(boolean stayed) {}
      };

  /**
   * A request was sent to a replica.
   *
   * @param promptTokens exact where the mode tells ids, else an estimate
   * @param matchedTokens leading tokens that the replica was believed to hold
   * @param bestMatchedTokens the most any replica was believed to hold
   * @param toldTokens leading tokens that the replica holds by its events alone, whether they were
   *     believed or not; -1 where none are heard
   */
  record Routed(
      String model,
      ReplicaId replica,
      String policy,
      PromptMode mode,
      int promptTokens,
      int matchedTokens,
      int bestMatchedTokens,
      int toldTokens,
      long lookupNanos,
      long pickNanos) {}

  /**
   * A request's answer came whole.
   *
   * @param promptTokens as the engine counted, -1 where it did not
   * @param cachedTokens as the engine reported, -1 where it did not
   * @param toldTokens leading tokens that the replica held by its events alone when the request was
   *     sent; -1 where none are heard
   * @param filledBlocks blocks that the engine must have filled for it and had not before, as far
   *     as is known
   * @param expectedTtftSeconds what the decision expected
   * @param ttftSeconds what it was, negative where no first token was seen
   */
  record Finished(
      String model,
      ReplicaId replica,
      PromptMode mode,
      int promptTokens,
      int matchedTokens,
      int cachedTokens,
      int toldTokens,
      int filledBlocks,
      double expectedTtftSeconds,
      double ttftSeconds) {}

  void routed(Routed routed);

  void finished(Finished finished);

  /** A request that names a session seen before went to the same replica, or to another. */
  void session(boolean stayed);
}
