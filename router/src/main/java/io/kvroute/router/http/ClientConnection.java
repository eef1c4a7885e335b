package io.kvroute.router.http;

import io.kvroute.router.http.DataPortOptions.TimeoutOptions;
import io.kvroute.router.http.RequestReader.Incoming;
import io.kvroute.router.openai.ApiErrors;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection and the only handler in its pipeline. Reads one request at a time and
 * hands each to an {@link Exchange}. Keeps reading while a response is under way, because only a
 * read shows that the client has disconnected; {@link PipelinedBytes} holds what arrives early.
 * Confined to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

  private enum Phase {
    READING,
    RESPONDING,
    /** The last response is written; further input is discarded until the client closes. */
    LINGERING,
    CLOSED
  }

  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  private static final int REQUEST_TIMEOUT = 408;

  private final DataPortContext port;
  private final EventLoopContext loopContext;
  private final DuplexChannel channel;
  private final RequestReader reader;
  private final RequestStarter starter;
  private final ResponseWriter writer;
  private final PipelinedBytes pipelined;
  private final Peer peer;
  private final TimeoutOptions timeouts;

  private Phase phase = Phase.READING;
  private boolean consuming;
  private boolean requestBegun;
  private @Nullable Exchange exchange;
  private long deadlineNanos;

  ClientConnection(DataPortContext port, EventLoopContext loopContext, DuplexChannel channel) {
    this.port = port;
    this.loopContext = loopContext;
    this.channel = channel;
    this.peer = Peer.of(channel, port.options().api().trustedProxies());
    this.reader = port.newReader(peer);
    this.starter = new RequestStarter(port, this, reader, peer);
    this.writer = new ResponseWriter(channel);
    this.pipelined = new PipelinedBytes(channel);
    this.timeouts = port.options().timeouts();
    this.deadlineNanos = nanosFromNow(timeouts.keepAliveMillis());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    loopContext.add(this);
    port.connections().opened();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (pipelined.isEmpty()) {
        consume(in);
      } else {
        pipelined.append(in);
      }
    } finally {
      in.release();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (exchange != null && channel.isWritable()) {
      exchange.clientWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    phase = Phase.CLOSED;
    loopContext.remove(this);
    port.connections().closed();
    Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.clientLeft();
    }
    reader.reset();
    writer.release();
    pipelined.release();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("closing the connection of client {} after an error", peer.address(), cause);
    }
    close();
  }

  /** Reads requests until a response must be awaited, and holds the remaining bytes. */
  private void consume(ByteBuf in) {
    consuming = true;
    while (phase == Phase.READING && in.isReadable()) {
      Incoming incoming = reader.next(in);
      if (!requestBegun && phase == Phase.READING) {
        requestBegun = true;
        deadlineNanos = nanosFromNow(timeouts.requestMillis());
      }
      switch (incoming) {
        case Incoming.Complete complete -> {
          phase = Phase.RESPONDING;
          starter.begin(complete);
        }
        case Incoming.AnsweredLocally answered -> respond(answered);
        case Incoming.AwaitingContinue awaiting -> writer.writeContinue();
        case null -> {}
      }
    }
    consuming = false;
    if (phase == Phase.RESPONDING && in.isReadable()) {
      pipelined.append(in);
    }
  }

  private void respond(Incoming.AnsweredLocally answered) {
    LocalResponse response = answered.response();
    port.refused(answered.endpoint(), answered.requestId(), peer.address(), response.status());
    boolean keepAlive = answered.readToEnd() && isPersistent();
    writer.local(
        response,
        RouterHeaders.requestIdLine(answered.requestId()),
        !answered.headOnly(),
        !keepAlive);
    responseWritten(keepAlive);
  }

  boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  void start(Exchange started) {
    exchange = started;
    started.start();
  }

  // The exchange calls the following methods.

  EventLoopContext loopContext() {
    return loopContext;
  }

  Peer peer() {
    return peer;
  }

  ResponseWriter writer() {
    return writer;
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  boolean speaksHttp11() {
    return reader.speaksHttp11();
  }

  /** Whether another request may follow on this connection. */
  boolean isPersistent() {
    return reader.persistent() && !port.isDraining();
  }

  /** Releases the request's body, which cannot be needed for a retry any more. */
  void releaseBody() {
    reader.releaseBody();
  }

  /** Answers the request with a response of the router's own. */
  void respond(LocalResponse response, String requestId) {
    boolean keepAlive = isPersistent();
    writer.local(response, RouterHeaders.requestIdLine(requestId), true, !keepAlive);
    responseWritten(keepAlive);
  }

  /** The response has been written; {@code keepAlive} if another request may follow. */
  void responseWritten(boolean keepAlive) {
    exchange = null;
    requestBegun = false;
    reader.reset();
    if (keepAlive) {
      phase = Phase.READING;
      deadlineNanos = nanosFromNow(timeouts.keepAliveMillis());
      writer.flush();
      if (!consuming) {
        readPipelined();
      }
    } else {
      linger();
    }
  }

  private void readPipelined() {
    ByteBuf early = pipelined.take();
    if (early != null) {
      try {
        consume(early);
      } finally {
        early.release();
      }
    }
    if (pipelined.isEmpty()) {
      channel.config().setAutoRead(true);
    }
  }

  /**
   * Closes this side of the connection and waits for the client to close the other. Closing both
   * sides while the client still sends would reset the connection, and the client might lose its
   * response.
   */
  private void linger() {
    phase = Phase.LINGERING;
    deadlineNanos = nanosFromNow(timeouts.responseMillis());
    channel.config().setAutoRead(true);
    writer
        .flushAll()
        .addListener(
            flushed -> {
              deadlineNanos = nanosFromNow(timeouts.lingerMillis());
              channel.shutdownOutput().addListener(shut -> {});
            });
  }

  // The event loop's context calls the following methods.

  /** Checks the timeouts. */
  void tick(long nowNanos) {
    if (exchange != null) {
      exchange.tick(nowNanos);
    } else if (phase != Phase.RESPONDING && nowNanos - deadlineNanos > 0) {
      if (phase == Phase.READING && requestBegun) {
        port.refused(null, ForwardedHeaders.newRequestId(), peer.address(), REQUEST_TIMEOUT);
        writer.local(LocalResponse.of(ApiErrors.requestTimeout()), "", true, true);
        responseWritten(false);
      } else {
        close();
      }
    }
  }

  /** Ends the connection unless a request is under way. */
  void drain() {
    if (phase == Phase.READING && !requestBegun) {
      linger();
    }
  }

  /** The router stops and can wait no longer: answers what is under way with an error. */
  void routerStops() {
    if (exchange != null) {
      exchange.routerStops();
    } else if (phase == Phase.READING) {
      close();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // channelInactive reports the end
  void close() {
    channel.close();
  }

  private static long nanosFromNow(int millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
