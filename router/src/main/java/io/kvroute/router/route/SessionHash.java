package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/**
 * The replica the request's session went to last or, for a new session, the one it hashes to. A
 * request without a session goes by load.
 */
final class SessionHash implements Policy {

  private final HashRings rings = new HashRings();
  private final SessionTable sessions;
  private final LeastLoad withoutSession;

  SessionHash(SessionTable sessions, RandomGenerator random) {
    this.sessions = sessions;
    this.withoutSession = new LeastLoad(random);
  }

  @Override
  public String name() {
    return "session";
  }

  @Override
  public int pick(Candidates candidates, RouteQuery query, long nowNanos) {
    String session = query.session();
    if (session == null) {
      return withoutSession.pick(candidates, query, nowNanos);
    }
    ReplicaId last = sessions.replicaOf(query, nowNanos);
    for (int i = 0; i < candidates.count() && last != null; i++) {
      if (candidates.ledger(i).id().equals(last)) {
        return i;
      }
    }
    CRC32C hash = new CRC32C();
    hash.update(session.getBytes(StandardCharsets.UTF_8));
    return rings.of(query.model(), candidates).pick(hash.getValue(), candidates);
  }
}
