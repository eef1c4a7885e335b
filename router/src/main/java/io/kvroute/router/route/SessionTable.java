package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The replica of each session's last request. Holds at most 200,000 sessions, least recently used
 * out first. Guarded by the router's lock.
 */
final class SessionTable {

  private static final int MAX_SESSIONS = 200_000;

  private record LastRequest(ReplicaId replica, long atNanos) {}

  private final long expiryNanos;

  private final Map<String, LastRequest> sessions =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LastRequest> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  SessionTable(long expiryNanos) {
    this.expiryNanos = expiryNanos;
  }

  /** The last replica of the query's session; null without a session or for an expired one. */
  @Nullable ReplicaId lastReplica(RouteQuery query, long nowNanos) {
    String session = query.session();
    LastRequest last = session == null ? null : sessions.get(session);
    return last == null || nowNanos - last.atNanos() > expiryNanos ? null : last.replica();
  }

  /** Remembers where the query was sent, and tells whether its session moved. */
  SessionMove routed(RouteQuery query, ReplicaId replica, long nowNanos) {
    ReplicaId last = lastReplica(query, nowNanos);
    String session = query.session();
    if (session != null) {
      sessions.put(session, new LastRequest(replica, nowNanos));
    }
    if (last == null) {
      return SessionMove.NONE;
    }
    return last.equals(replica) ? SessionMove.STAYED : SessionMove.MOVED;
  }
}
