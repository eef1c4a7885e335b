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
 * The port for clients: its listener and its event loops. Each connection stays on the loop that
 * accepted it. Thread-safe.
 */
public final class DataPort implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DataPort.class);
  private static final int BACKLOG = 4096;

  /**
   * Unsent bytes per connection at which reading from the replica pauses and resumes; 10,000 slow
   * readers hold at most 320 MB.
   */
  private static final WriteBufferWaterMark WATER_MARKS =
      new WriteBufferWaterMark(16 * 1024, 32 * 1024);

  private final DataPortContext context;
  private final EventLoopGroup loops;
  private final DnsAddressResolverGroup resolver;
  private final Map<EventExecutor, EventLoopContext> loopContexts;
  private final Channel listener;
  private final AtomicBoolean closed = new AtomicBoolean();

  private DataPort(
      DataPortContext context,
      EventLoopGroup loops,
      DnsAddressResolverGroup resolver,
      Map<EventExecutor, EventLoopContext> loopContexts,
      Channel listener) {
    this.context = context;
    this.loops = loops;
    this.resolver = resolver;
    this.loopContexts = loopContexts;
    this.listener = listener;
  }

  /**
   * Opens a data port.
   *
   * @throws IOException if its address cannot be listened on
   */
  public static DataPort open(
      DataPortServices services, DataPortOptions options, Transport transport) throws IOException {
    DataPortContext context = new DataPortContext(services, options);
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            options.listen().eventLoops(), new DefaultThreadFactory("data"), transport.io());
    DnsAddressResolverGroup resolver =
        new DnsAddressResolverGroup(
            new DnsNameResolverBuilder().datagramChannelType(transport.datagram()));
    Map<EventExecutor, EventLoopContext> loopContexts = new HashMap<>();
    for (EventExecutor executor : loops) {
      EventLoop loop = (EventLoop) executor;
      Upstream upstream = new Upstream(loop, transport, resolver, options.upstream());
      loopContexts.put(
          loop,
          new EventLoopContext(loop, upstream, options.timeouts().tickMillis(), services.guards()));
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
            .childHandler(new Accept(context, loopContexts))
            .bind(options.listen().address())
            .awaitUninterruptibly();
    DataPort port = new DataPort(context, loops, resolver, loopContexts, bound.channel());
    if (!bound.isSuccess()) {
      port.stopLoops();
      throw new IOException(
          "cannot listen on " + options.listen().address() + ": " + bound.cause().getMessage(),
          bound.cause());
    }
    return port;
  }

  /** The address it listens on; where port 0 was asked for, with the port that the system chose. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Bytes of request bodies buffered now, over all connections. */
  public long heldBodyBytes() {
    return context.bodyBudget().heldBytes();
  }

  /**
   * Closes the port gracefully: health checks fail first, then no connection is accepted any more,
   * then each connection ends with its response. After {@code gracePeriod}, requests still under
   * way end with an error: as an event in a stream that has begun, else as a 503. Clients then have
   * {@link DataPortOptions.TimeoutOptions#lingerMillis} to read it.
   */
  public void shutDown(Duration gracePeriod) throws InterruptedException {
    context.drain();
    long delay = context.options().listen().drainDelayMillis();
    if (delay > 0) {
      TimeUnit.MILLISECONDS.sleep(delay);
    }
    listener.close().awaitUninterruptibly();
    loopContexts.values().forEach(loopContext -> loopContext.loop().execute(loopContext::drain));
    if (!context.connections().awaitNone(gracePeriod.toMillis())) {
      LOG.warn(
          "ending {} connections with an error: they did not finish within {} ms",
          context.connections().count(),
          gracePeriod.toMillis());
      loopContexts.values().forEach(each -> each.loop().execute(each::endRequests));
      context.connections().awaitNone(context.options().timeouts().lingerMillis());
    }
    close();
  }

  /** Closes the port and every connection at once. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    context.drain();
    listener.close().awaitUninterruptibly();
    for (EventLoopContext loopContext : loopContexts.values()) {
      loopContext.loop().submit(loopContext::close).awaitUninterruptibly();
    }
    stopLoops();
  }

  private void stopLoops() {
    context.decoders().close();
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    resolver.close();
  }

  /** Adds a handler with the context of its event loop to each connection. */
  private static final class Accept extends ChannelInitializer<Channel> {
    private final DataPortContext context;
    private final Map<EventExecutor, EventLoopContext> loopContexts;

    Accept(DataPortContext context, Map<EventExecutor, EventLoopContext> loopContexts) {
      this.context = context;
      this.loopContexts = loopContexts;
    }

    @Override
    protected void initChannel(Channel channel) {
      EventLoopContext loopContext = loopContexts.get(channel.eventLoop());
      if (loopContext == null) {
        throw new IllegalStateException("no context for event loop " + channel.eventLoop());
      }
      channel
          .pipeline()
          .addLast(new ClientConnection(context, loopContext, (DuplexChannel) channel));
    }
  }
}
