package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which replica each session went to last. Bounded; confined to the router's lock. */
final class SessionTable {

  private static final int MAX_SESSIONS = 200_000;

  private record Seen(ReplicaId replica, long atNanos) {}

  private final long expiryNanos;

  private final Map<String, Seen> sessions =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  SessionTable(long expiryNanos) {
    this.expiryNanos = expiryNanos;
  }

  /** The last replica of the query's session, null where it names none or was not seen lately. */
  @Nullable ReplicaId replicaOf(RouteQuery query, long nowNanos) {
    String session = query.session();
    Seen seen = session == null ? null : sessions.get(session);
    return seen == null || nowNanos - seen.atNanos() > expiryNanos ? null : seen.replica();
  }

  void went(RouteQuery query, ReplicaId replica, long nowNanos) {
    String session = query.session();
    if (session != null) {
      sessions.put(session, new Seen(replica, nowNanos));
    }
  }
}
