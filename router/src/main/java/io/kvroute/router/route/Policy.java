package io.kvroute.router.route;

/**
 * A way to choose a replica. Each model has a policy of its own. Called under the router's lock, so
 * it must be quick and need not be thread-safe.
 */
interface Policy {

  /**
   * Chooses among at least one candidate and changes nothing but the candidates' scores.
   *
   * @return the position of the one chosen
   */
  int pick(Candidates candidates);

  /** The request went to the one chosen. */
  default void picked(Candidates candidates, int position) {}
}
