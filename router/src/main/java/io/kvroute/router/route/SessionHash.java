package io.kvroute.router.route;

/**
 * Sends a session's requests to the replica of its last request, and a new session to a replica by
 * consistent hashing of its name. A request without a session goes to the least loaded replica.
 */
final class SessionHash implements Policy {

  private final RingWalk walk = new RingWalk();

  @Override
  public int pick(Candidates candidates) {
    String session = candidates.session;
    if (session == null) {
      return LeastLoad.leastLoaded(candidates);
    }
    int last = candidates.positionOf(candidates.sessionSlot);
    return last >= 0
        ? last
        : walk.firstWithRoom(candidates, HashRing.hash(session), Double.POSITIVE_INFINITY);
  }
}
