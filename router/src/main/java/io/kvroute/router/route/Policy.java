package io.kvroute.router.route;

/** Chooses among candidates. Confined to the router's lock. */
interface Policy {

  /** The name used in configuration and metrics. */
  String name();

  /** Whether it looks at what replicas hold; where not, nothing is looked up. */
  default boolean looksAtCaches() {
    return false;
  }

  /**
   * The candidate to take.
   *
   * @param candidates at least one
   */
  int pick(Candidates candidates, RouteQuery query, long nowNanos);
}
