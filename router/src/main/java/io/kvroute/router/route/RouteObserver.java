package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import java.util.List;

/**
 * Receives decisions and the ends of requests. Called without the router's lock on the threads that
 * call the router, several at once: must be quick and thread-safe.
 */
public interface RouteObserver {

  /** An observer that passes everything on to several observers, in their order. */
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
      public void failed(ReplicaId replica, String reason) {
        all.forEach(observer -> observer.failed(replica, reason));
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

  /** A request was sent to a replica. */
  record Routed(
      String model,
      ReplicaId replica,
      String policy,
      PromptMode mode,
      Match match,
      DecisionTime time) {}

  /**
   * How much of a prompt replicas were predicted to hold when it was routed.
   *
   * @param promptTokens exact where the mode is one of token ids, else an estimate
   * @param tokens leading tokens held by the replica that was picked
   * @param bestTokens the most held by any replica
   * @param eventTokens leading tokens held by the picked replica by its KV events alone, trusted or
   *     not; -1 for a replica without an event view
   */
  record Match(int promptTokens, int tokens, int bestTokens, int eventTokens) {}

  /** How long the parts of a decision took. */
  record DecisionTime(long lookupNanos, long pickNanos) {}

  /**
   * A request's answer arrived complete.
   *
   * @param promptTokens as the engine reported, -1 where it did not
   * @param cachedTokens as the engine reported, -1 where it did not
   * @param filledBlocks blocks that the engine filled for the request and had not cached before, as
   *     far as is known
   * @param predictedTtftSeconds time to the first token as the decision predicted it
   * @param ttftSeconds time to the first token, negative where no first token was seen
   */
  record Finished(
      Routed routed,
      int promptTokens,
      int cachedTokens,
      int filledBlocks,
      double predictedTtftSeconds,
      double ttftSeconds) {}

  void routed(Routed routed);

  void finished(Finished finished);

  /**
   * A replica did not serve a request.
   *
   * @param reason from a small fixed set
   */
  default void failed(ReplicaId replica, String reason) {}

  /** A request of a session seen before was sent to the session's last replica, or to another. */
  void session(boolean stayed);
}
