package io.kvroute.router.upstream;

import io.kvroute.router.fleet.Replica;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's idle connections to one replica, most recently used first. Confined to that
 * loop.
 */
final class ReplicaPool {

  private final Replica replica;
  private final ReplicaAddress address;
  private final int maxIdle;
  private final long idleTimeoutNanos;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(1);
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

  /** A direct buffer of one byte, whose content is worthless. */
  ByteBuffer scratch() {
    return scratch;
  }

  boolean isFor(Replica other) {
    return replica.url().equals(other.url());
  }

  /** Whether no connection is open, idle or busy. */
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

  /**
   * Takes a connection for reuse, or null. If the most recently used one is too old, all are, and
   * are closed. Closes connections on which the engine has sent something unasked, or its end.
   */
  @Nullable UpstreamConnection take(long nowNanos) {
    UpstreamConnection connection = idle.pollFirst();
    while (connection != null && !connection.isSilent()) {
      connection.close();
      connection = idle.pollFirst();
    }
    if (connection != null && nowNanos - connection.idleSinceNanos() > idleTimeoutNanos) {
      idle.addFirst(connection);
      closeIdle();
      return null;
    }
    return connection;
  }

  /** Pools a connection whose response has ended; returns false if the pool is full or retired. */
  boolean keep(UpstreamConnection connection) {
    if (retired || idle.size() >= maxIdle) {
      return false;
    }
    idle.addFirst(connection);
    return true;
  }

  /** Closes connections whose idle timeout has passed. */
  void sweep(long nowNanos) {
    UpstreamConnection oldest = idle.peekLast();
    while (oldest != null && nowNanos - oldest.idleSinceNanos() > idleTimeoutNanos) {
      idle.pollLast();
      oldest.close();
      oldest = idle.peekLast();
    }
  }

  /** Closes idle connections now and busy ones after their response. */
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
