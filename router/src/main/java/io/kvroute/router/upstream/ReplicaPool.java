package io.kvroute.router.upstream;

import io.kvroute.router.fleet.Replica;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One event loop's idle connections to one replica, most recently used first. */
final class ReplicaPool {

  private final Replica replica;
  private final ReplicaAddress address;
  private final int maxIdle;
  private final long idleTimeoutNanos;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  private int open;
  private boolean retired;

  ReplicaPool(Replica replica, int maxIdle, long idleTimeoutNanos) {
    this.replica = replica;
    this.address = ReplicaAddress.of(replica.url());
    this.maxIdle = maxIdle;
    this.idleTimeoutNanos = idleTimeoutNanos;
  }

  ReplicaAddress address() {
    return address;
  }

  boolean isFor(Replica other) {
    return replica.url().equals(other.url());
  }

  /** Whether it has no connection at all, idle or busy. */
  boolean isEmpty() {
    return open == 0;
  }

  void opened() {
    open++;
  }

  void closed(UpstreamConnection connection) {
    open--;
    idle.remove(connection);
  }

  /** A connection to reuse, or null. */
  @Nullable UpstreamConnection take(long nowNanos) {
    UpstreamConnection connection = idle.pollFirst();
    if (connection != null && nowNanos - connection.idleSinceNanos() > idleTimeoutNanos) {
      idle.addFirst(connection);
      closeIdle();
      return null;
    }
    return connection;
  }

  /** Keeps a connection whose answer is done; false if there are enough. */
  boolean keep(UpstreamConnection connection) {
    if (retired || idle.size() >= maxIdle) {
      return false;
    }
    idle.addFirst(connection);
    return true;
  }

  /** Closes the connections that have been idle for too long. */
  void sweep(long nowNanos) {
    UpstreamConnection oldest = idle.peekLast();
    while (oldest != null && nowNanos - oldest.idleSinceNanos() > idleTimeoutNanos) {
      idle.pollLast();
      oldest.close();
      oldest = idle.peekLast();
    }
  }

  /** Closes what is idle, and what is busy once its answer is done. */
  void retire() {
    retired = true;
    closeIdle();
  }

  private void closeIdle() {
    UpstreamConnection connection = idle.pollFirst();
    while (connection != null) {
      connection.close();
      connection = idle.pollFirst();
    }
  }
}
