package io.kvroute.router.upstream;

import io.kvroute.router.wire.BodyDecoder;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.HeadParser;
import io.kvroute.router.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a replica and the only handler in its pipeline: writes one request at a time and
 * reads its response. Releases every received buffer, in one place; the listener copies what it
 * keeps. Confined to its event loop.
 */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {

  private static final int MAX_HEADERS = 256;

  private final ReplicaPool pool;
  private final HeadParser parser;
  private final BodyDecoder body = new BodyDecoder();
  private @Nullable ChannelHandlerContext ctx;
  private @Nullable Attempt attempt;

  /** The request whose body has not been sent completely, if any. */
  private @Nullable OutgoingRequest unsent;

  private int sentBytes;
  private boolean anythingReceived;
  private boolean headSeen;
  private boolean persistent;
  private boolean broken;
  private long idleSinceNanos;

  UpstreamConnection(ReplicaPool pool, int maxHeadBytes) {
    this.pool = pool;
    this.parser = HeadParser.ofResponses(maxHeadBytes, MAX_HEADERS);
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  /** Sends a request; the connection must be open and idle. */
  void begin(Attempt newAttempt, OutgoingRequest newRequest) {
    ChannelHandlerContext context = context();
    attempt = newAttempt;
    unsent = newRequest;
    parser.reset();
    anythingReceived = false;
    headSeen = false;
    sentBytes = newRequest.pieceBytes(0);
    send(context, newRequest.first(context.alloc(), pool.address()));
    sendMore(context);
  }

  /**
   * Whether the engine has sent nothing that has not been read. A response that it sent unasked
   * would otherwise be taken for the answer to the next request. Costs one system call; only
   * sockets of the native transport can be asked.
   */
  boolean isSilent() {
    if (!(context().channel() instanceof UnixChannel socket)) {
      return true;
    }
    try {
      return socket.fd().read(pool.scratch(), 0, 1) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  void reading(boolean on) {
    context().channel().config().setAutoRead(on);
  }

  void close() {
    attempt = null;
    unsent = null;
    if (ctx != null) {
      disconnect(ctx);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    pool.opened();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    pool.closed(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      Attempt current = attempt;
      if (current == null) {
        disconnect(context);
      } else {
        read(current, in);
      }
    } catch (MalformedMessageException e) {
      fail(context, Failure.MALFORMED_ANSWER);
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (attempt != null) {
      attempt.readComplete();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    sendMore(context);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Attempt current = attempt;
    if (current == null) {
      return;
    }
    attempt = null;
    unsent = null;
    if (headSeen && body.untilClose() && !broken) {
      current.end();
    } else {
      current.lost(pool, !anythingReceived);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broken = true;
    disconnect(context);
  }

  private void read(Attempt current, ByteBuf in) throws MalformedMessageException {
    anythingReceived = true;
    while (in.isReadable()) {
      if (!headSeen) {
        if (!parser.parse(in)) {
          return;
        }
        takeHead(current);
        if (!headSeen) {
          continue;
        }
      }
      for (int run = run(current, in); run > 0; run = run(current, in)) {
        int from = in.readerIndex();
        int end = in.writerIndex();
        current.body(in.writerIndex(from + run));
        in.setIndex(from + run, end);
      }
      if (current.isOver()) {
        return;
      }
      if (body.done()) {
        finish(current, in.isReadable());
        return;
      }
    }
  }

  /** The length of the next run of body bytes; also 0 once the attempt is cancelled. */
  private int run(Attempt current, ByteBuf in) throws MalformedMessageException {
    return current.isOver() ? 0 : body.next(in);
  }

  private void takeHead(Attempt current) throws MalformedMessageException {
    Head head = parser.head();
    if (head.status() / 100 == 1) {
      parser.reset();
      return;
    }
    headSeen = true;
    Framing framing = Framing.ofResponse(head);
    body.start(framing);
    persistent = head.minorVersion() == 1 && !head.connectionHas("close");
    current.head(head, framing);
  }

  private void finish(Attempt current, boolean surplus) {
    boolean sent = unsent == null;
    attempt = null;
    unsent = null;
    if (sent && persistent && !surplus) {
      idleSinceNanos = System.nanoTime();
      reading(true);
      if (!pool.keep(this)) {
        close();
      }
    } else {
      close();
    }
    current.end();
  }

  private void fail(ChannelHandlerContext context, Failure failure) {
    Attempt current = attempt;
    attempt = null;
    unsent = null;
    disconnect(context);
    if (current != null) {
      current.failed(failure);
    }
  }

  /** Sends the rest of a large body, as much at a time as the socket accepts. */
  private void sendMore(ChannelHandlerContext context) {
    while (unsent != null) {
      if (sentBytes == unsent.bodyBytes()) {
        unsent = null;
      } else if (context.channel().isWritable()) {
        ByteBuf piece = unsent.piece(context.alloc(), sentBytes);
        sentBytes += piece.readableBytes();
        send(context, piece);
      } else {
        return;
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the void promise reports failures to this handler
  private static void send(ChannelHandlerContext context, ByteBuf bytes) {
    context.writeAndFlush(bytes, context.voidPromise());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // channelInactive reports the end
  private static void disconnect(ChannelHandlerContext context) {
    context.close();
  }

  private ChannelHandlerContext context() {
    if (ctx == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return ctx;
  }
}
