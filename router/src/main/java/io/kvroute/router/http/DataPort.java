package io.kvroute.router.http;

import io.kvroute.router.upstream.Transport;
import io.kvroute.router.upstream.Upstream;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that clients talk to: its listener and its event loops. Each connection stays with the
 * loop that accepted it. Thread-safe.
 */
public final class DataPort implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataPort.class);
  private static final int BACKLOG = 4096;

  /** What an answer may hold of what its client does not take, times 10,000 slow readers. */
  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private final DataPortContext reception;
  private final EventLoopGroup loops;
  private final DnsAddressResolverGroup resolver;
  private final Map<EventExecutor, EventLoopContext> lanes;
  private final Channel listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DataPort(
      DataPortContext reception,
      EventLoopGroup loops,
      DnsAddressResolverGroup resolver,
      Map<EventExecutor, EventLoopContext> lanes,
      Channel listener) {
    this.reception = reception;
    this.loops = loops;
    this.resolver = resolver;
    this.lanes = lanes;
    this.listener = listener;
  }

  /**
   * Opens a data port.
   *
   * @throws IOException if its address cannot be listened on
   */
  public static DataPort open(DataPlane plane, DataPortOptions options, Transport transport)
      throws IOException {
    DataPortContext reception = new DataPortContext(plane, options);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            options.eventLoops(), new DefaultThreadFactory("data"), transport.io());
    DnsAddressResolverGroup resolver =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder().datagramChannelType(transport.datagram()));
    Map<EventExecutor, EventLoopContext> lanes = new HashMap<>();
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      Upstream upstream = new Upstream(loop, transport, resolver, options.upstream());
      lanes.put(
          loop,
          new EventLoopContext(loop, upstream, options.timeouts().tickMillis(), plane.guards()));
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.server())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childHandler(new Accept(reception, lanes))
            .bind(options.listen())
            .awaitUninterruptibly();
    DataPort port = new DataPort(reception, loops, resolver, lanes, bound.channel());
    if (!bound.isSuccess()) {
      port.stopLoops();
      throw new IOException(
          "cannot listen on " + options.listen() + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return port;
  }

  /** Where it listens; the port is the real one where 0 was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Bytes of request bodies held now, over all connections. */
  public long heldBodyBytes() {
    return reception.bodyBudget().heldBytes();
  }

  /**
   * Closes the port without losing a request that comes to its end within {@code patience}: health
   * says no, then nothing new is accepted, then connections end with the answer under way on them.
   */
  public void shutDown(Duration patience) throws InterruptedException {
    reception.drain();
    long delay = reception.options().drainDelayMillis();
    if (delay > 0) {
      TimeUnit.MILLISECONDS.sleep(delay);
    }
    listener.close().awaitUninterruptibly();
    lanes.values().forEach(lane -> lane.loop().execute(lane::drain));
    if (!reception.connections().awaitNone(patience.toMillis())) {
      LOG.warn(
          "closing {} connections that did not end within {} ms",
          reception.connections().count(),
          patience.toMillis());
    }
    close();
  }

  /** Closes the port and every connection at once. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    reception.drain();
    listener.close().awaitUninterruptibly();
    for (EventLoopContext lane : lanes.values()) {
      lane.loop().submit(lane::close).awaitUninterruptibly();
    }
    stopLoops();
  }

  private void stopLoops() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    resolver.close();
  }

  /** Gives each connection to the lane of its loop. */
  private static final class Accept extends ChannelInitializer<Channel> {
    private final DataPortContext reception;
    private final Map<EventExecutor, EventLoopContext> lanes;

    Accept(DataPortContext reception, Map<EventExecutor, EventLoopContext> lanes) {
      this.reception = reception;
      this.lanes = lanes;
    }

    @Override
    protected void initChannel(Channel channel) {
      EventLoopContext lane = lanes.get(channel.eventLoop());
      if (lane == null) {
        throw new IllegalStateException("a connection on a loop without a lane");
      }
      channel.pipeline().addLast(new ClientConnection(reception, lane, (DuplexChannel) channel));
    }
  }
}
