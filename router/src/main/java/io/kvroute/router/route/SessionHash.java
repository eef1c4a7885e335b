package io.kvroute.router.route;

/**
 * A session stays where its last request went; a new one goes by consistent hashing over its name.
 * A request without a session goes by load.
 */
final class SessionHash implements Policy {

  private final RingWalk walk = new RingWalk();

  @Override
  public int pick(Candidates candidates) {
    String session = candidates.session;
    if (session == null) {
      return LeastLoad.leastLoaded(candidates);
    }
    int home = candidates.positionOf(candidates.homeSlot);
    return home >= 0
        ? home
        : walk.firstWithRoom(candidates, HashRing.hash(session), Double.POSITIVE_INFINITY);
  }
}
