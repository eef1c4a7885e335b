package io.kvroute.router.route;

/**
 * Picks a replica for a request. Each model has a policy object of its own. Called under the
 * router's lock: must be quick and need not be thread-safe.
 */
interface Policy {

  /**
   * Picks from at least one candidate. Changes nothing but the candidates' scores, because an
   * explanation picks without sending.
   *
   * @return the position of the picked candidate
   */
  int pick(Candidates candidates);

  /** The request was sent to the picked candidate. */
  default void picked(Candidates candidates, int position) {}
}
