package io.kvroute.router.upstream;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One event loop's connections to replicas. A request is sent on its client's event loop, so that
 * bytes never cross threads; connections are therefore pooled per loop. Confined to its loop.
 */
public final class Upstream {

  private final UpstreamOptions options;
  private final Bootstrap bootstrap;
  private final long idleTimeoutNanos;
  private final Map<ReplicaId, ReplicaPool> pools = new HashMap<>();

  /** Connects through {@code transport} on {@code loop}. */
  public Upstream(
      EventLoop loop,
      Transport transport,
      AddressResolverGroup<InetSocketAddress> resolver,
      UpstreamOptions options) {
    this.options = options;
    this.idleTimeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.idleTimeoutMillis());
    this.bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(transport.socket())
            .resolver(resolver)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, options.connectTimeoutMillis());
  }

  /** An attempt to have a request answered; {@link Attempt#start} starts it. */
  public Attempt attempt(OutgoingRequest request, ResponseListener listener) {
    return new Attempt(this, request, listener);
  }

  /**
   * Closes connections whose idle timeout has passed and drops the pools of replicas without
   * connections.
   */
  public void sweep(long nowNanos) {
    pools.values().forEach(pool -> pool.sweep(nowNanos));
    pools.values().removeIf(ReplicaPool::isEmpty);
  }

  /** Closes all idle connections. */
  public void close() {
    pools.values().forEach(ReplicaPool::retire);
    pools.clear();
  }

  ChannelFuture connect(UpstreamConnection connection, ReplicaAddress address) {
    return bootstrap.clone().handler(connection).connect(address.socket());
  }

  UpstreamOptions options() {
    return options;
  }

  ReplicaPool pool(Replica replica) {
    ReplicaPool pool = pools.get(replica.id());
    if (pool == null || !pool.isFor(replica)) {
      if (pool != null) {
        pool.retire();
      }
      pool = new ReplicaPool(replica, options.maxIdlePerReplica(), idleTimeoutNanos);
      pools.put(replica.id(), pool);
    }
    return pool;
  }
}
