package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineFlavor;
import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.loadtest.engine.EngineProfile;
import io.kvroute.loadtest.events.TrtLlmEventBuffer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A replica that needs no GPU: vLLM's HTTP interface, KV events and metrics around an engine model
 * that runs in real time. It has up to four threads: the engine's, an event loop, a worker that
 * parses requests, and a publisher of KV events.
 */
public final class SimulatedReplica implements AutoCloseable {

  private static final int MAX_BODY_BYTES = 128 << 20;

  private final SimulatedEngine engine;
  private final FaultSwitch faults;
  private final @Nullable KvEventPublisher publisher;
  private final EventLoopGroup eventLoops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("replica-reader").daemon().factory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Channel server;

  private SimulatedReplica(ReplicaOptions options, ModelText text) throws IOException {
    KvEventOptions kvEvents = options.kvEvents();
    this.publisher = kvEvents == null ? null : new KvEventPublisher(kvEvents);
    EngineProfile profile = options.profile();
    TrtLlmEventBuffer polled =
        profile.flavor() == EngineFlavor.TENSORRT_LLM
            ? new TrtLlmEventBuffer(profile.blocks(), profile.maxModelTokens())
            : null;
    this.engine = new SimulatedEngine(options, text, events -> tell(events, polled));
    this.faults = new FaultSwitch(options.faults());
    ReplicaRoutes routes =
        new ReplicaRoutes(
            engine,
            new EngineRequestReader(options, text),
            polled == null ? new VllmPages(engine, publisher) : new TrtLlmPages(engine, polled),
            new ControlPages(engine, faults, publisher),
            faults,
            worker);
    this.server = bind(options.port(), routes);
  }

  /**
   * Starts a replica.
   *
   * @param text tokenizer and words of the served model; replicas can share one
   * @throws IOException if a port cannot be bound
   */
  public static SimulatedReplica start(ReplicaOptions options, ModelText text) throws IOException {
    SimulatedReplica replica = new SimulatedReplica(options, text);
    replica.engine.start();
    if (replica.publisher != null) {
      replica.publisher.start();
    }
    return replica;
  }

  /** The port on which the replica listens. */
  public int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** The base URL for clients on this host. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The endpoint of its KV events; null for none. */
  public @Nullable String kvEventsEndpoint() {
    return publisher == null ? null : publisher.endpoint();
  }

  /** The endpoint for replays of its KV events; null for none. */
  public @Nullable String kvReplayEndpoint() {
    return publisher == null ? null : publisher.replayEndpoint();
  }

  /** Number of KV event batches so far, including those lost on purpose. */
  public long publishedBatches() {
    return publisher == null ? 0 : publisher.published();
  }

  /** A snapshot of state and latest requests. */
  public ReplicaSnapshot stats() {
    return engine.stats().join();
  }

  /** The number of leading prompt tokens that are cached now. */
  public int cachedTokens(int[] prompt) {
    return engine.cachedTokens(prompt).join();
  }

  /** The number of different blocks that are cached now. */
  public int cachedBlocks() {
    return engine.cachedBlocks().join();
  }

  /** Context length: the most tokens of a prompt and its answer together. */
  public int contextTokens() {
    return engine.options().profile().maxModelTokens();
  }

  /** Sets the faults. */
  public void setFaults(Faults newFaults) {
    faults.set(newFaults);
  }

  /**
   * Sets the publisher's faults.
   *
   * @throws IllegalStateException if the replica publishes no KV events
   */
  public void setKvEventFaults(KvEventFaults newFaults) {
    if (publisher == null) {
      throw new IllegalStateException(
          "kvEvents: none (expected: a replica that publishes KV events)");
    }
    publisher.setFaults(newFaults);
  }

  /** Stops at once and resets all connections, as a killed process does. */
  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    worker.shutdownNow();
    engine.close();
    if (publisher != null) {
      publisher.close();
    }
  }

  private void tell(List<EngineKvEvent> events, @Nullable TrtLlmEventBuffer polled) {
    if (publisher != null) {
      publisher.publish(events);
    }
    if (polled != null) {
      polled.add(events);
    }
  }

  private Channel bind(int port, ReplicaRoutes routes) throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 2048)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast(
                            new HttpServerCodec(),
                            new HttpObjectAggregator(MAX_BODY_BYTES),
                            new ReplicaConnection(routes));
                  }
                });
    var bound = bootstrap.bind(port).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      closeAfterFailure();
      throw new IOException("port: " + port + ": " + bound.cause().getMessage(), bound.cause());
    }
    return bound.channel();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the replica is gone; nothing waits for it
  private void closeAfterFailure() {
    eventLoops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    worker.shutdownNow();
    if (publisher != null) {
      publisher.close();
    }
  }
}
