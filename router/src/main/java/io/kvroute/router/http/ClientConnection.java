package io.kvroute.router.http;

import io.kvroute.router.http.RequestReader.Incoming;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection, the only handler in its pipeline: has its bytes read into requests, one at
 * a time, and hands each to an {@link Exchange}. It goes on reading while an answer is under way,
 * because a client that leaves is noticed by reading; what comes early is held, up to a limit.
 * Confined to its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

  private enum Phase {
    READING,
    ANSWERING,
    /** The last answer is out; what still comes is passed over until the client closes. */
    LINGERING,
    CLOSED
  }

  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  /** What a client may send ahead of its turn before it is no longer read. */
  private static final int MAX_HELD_BYTES = 64 * 1024;

  private static final int REQUEST_TIMEOUT = 408;

  private final DataPortContext reception;
  private final EventLoopContext lane;
  private final DuplexChannel channel;
  private final RequestReader reader;
  private final AnswerWriter writer;
  private final String address;
  private final Timeouts timeouts;

  private Phase phase = Phase.READING;
  private boolean consuming;
  private boolean begun;
  private @Nullable ByteBuf held;
  private @Nullable Exchange exchange;
  private long deadlineNanos;

  ClientConnection(DataPortContext reception, EventLoopContext lane, DuplexChannel channel) {
    this.reception = reception;
    this.lane = lane;
    this.channel = channel;
    this.reader = reception.newReader();
    this.writer = new AnswerWriter(channel);
    this.timeouts = reception.options().timeouts();
    this.address =
        channel.remoteAddress() instanceof InetSocketAddress remote && remote.getAddress() != null
            ? remote.getAddress().getHostAddress()
            : "unknown";
    this.deadlineNanos = after(timeouts.keepAliveMillis());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    lane.add(this);
    reception.connections().opened();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (held != null) {
        hold(in);
      } else {
        consume(in);
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
    lane.remove(this);
    reception.connections().closed();
    Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.clientLeft();
    }
    reader.reset();
    writer.release();
    if (held != null) {
      held.release();
      held = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("connection of {} failed", address, cause);
    }
    close();
  }

  /** Reads what can be read now, and holds the rest. */
  private void consume(ByteBuf in) {
    consuming = true;
    while (phase == Phase.READING && in.isReadable()) {
      Incoming incoming = reader.next(in);
      if (!begun && phase == Phase.READING) {
        begun = true;
        deadlineNanos = after(timeouts.requestMillis());
      }
      switch (incoming) {
        case Incoming.Whole whole -> begin(whole);
        case Incoming.Answered answered -> answer(answered);
        case Incoming.Expecting expecting -> writer.goOn();
        case null -> {}
      }
    }
    consuming = false;
    if (phase == Phase.ANSWERING && in.isReadable()) {
      hold(in);
    }
  }

  private void hold(ByteBuf in) {
    ByteBuf before = held;
    ByteBuf all = before == null ? channel.alloc().buffer(in.readableBytes()) : before;
    held = all.writeBytes(in);
    if (all.readableBytes() >= MAX_HELD_BYTES) {
      channel.config().setAutoRead(false);
    }
  }

  private void begin(Incoming.Whole request) {
    phase = Phase.ANSWERING;
    String requestId = ForwardedLines.requestId(request.head());
    try {
      exchange = reception.exchange(this, request, requestId);
      exchange.start();
    } catch (ApiException e) {
      reception.metrics().refused(request.admitted().endpoint(), e.error().status());
      reply(Reply.of(e.error()), requestId);
    }
  }

  private void answer(Incoming.Answered answered) {
    Reply reply = answered.reply();
    reception.metrics().refused(answered.endpoint(), reply.status());
    boolean goesOn = answered.complete() && isPersistent();
    writer.reply(reply, idLine(answered.requestId()), !answered.headOnly(), !goesOn);
    answered(goesOn);
  }

  // What follows is for the exchange.

  EventLoopContext lane() {
    return lane;
  }

  String address() {
    return address;
  }

  AnswerWriter writer() {
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
    return reader.persistent() && !reception.isDraining();
  }

  /** The request's body is not needed any more. */
  void releaseBody() {
    reader.releaseBody();
  }

  /** Answers the request with an answer of the router's own. */
  void reply(Reply reply, String requestId) {
    boolean goesOn = isPersistent();
    writer.reply(reply, idLine(requestId), true, !goesOn);
    answered(goesOn);
  }

  /** The answer has been written; {@code goesOn} if another request may follow. */
  void answered(boolean goesOn) {
    exchange = null;
    begun = false;
    reader.reset();
    if (goesOn) {
      phase = Phase.READING;
      deadlineNanos = after(timeouts.keepAliveMillis());
      writer.flush();
      if (!consuming) {
        resume();
      }
    } else {
      linger();
    }
  }

  /** Reads on with what came early. */
  private void resume() {
    ByteBuf early = held;
    if (early != null) {
      held = null;
      try {
        consume(early);
      } finally {
        early.release();
      }
    }
    if (held == null) {
      channel.config().setAutoRead(true);
    }
  }

  /**
   * Ends the connection from this side and waits for the client to do the same: closing while the
   * client still sends would reset the connection, and the client might never read its answer.
   */
  private void linger() {
    phase = Phase.LINGERING;
    deadlineNanos = after(timeouts.answerMillis());
    channel.config().setAutoRead(true);
    writer
        .flushAll()
        .addListener(
            flushed -> {
              deadlineNanos = after(timeouts.lingerMillis());
              channel.shutdownOutput().addListener(shut -> {});
            });
  }

  // What follows is for the lane.

  void tick(long nowNanos) {
    if (exchange != null) {
      exchange.tick(nowNanos);
    } else if (nowNanos - deadlineNanos > 0) {
      if (phase == Phase.READING && begun) {
        reception.metrics().refused(null, REQUEST_TIMEOUT);
        writer.reply(Reply.of(ApiErrors.requestTimeout()), "", true, true);
        answered(false);
      } else {
        close();
      }
    }
  }

  /** Ends the connection unless a request is under way. */
  void drain() {
    if (phase == Phase.READING && !begun) {
      linger();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its end is heard of as channelInactive
  void close() {
    channel.close();
  }

  private static String idLine(String requestId) {
    return "x-request-id: " + requestId + "\r\n";
  }

  private static long after(int millis) {
    return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
