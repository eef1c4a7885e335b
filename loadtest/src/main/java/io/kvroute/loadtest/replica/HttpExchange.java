package io.kvroute.loadtest.replica;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on a connection and its answer, which is a whole body or a stream of events. Headers
 * are those of uvicorn. All methods except {@link #eventLoop} run on the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failure closes the connection: see gone()
final class HttpExchange {

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);
  private static final AsciiString SERVER = AsciiString.cached("uvicorn");
  private static final AsciiString EVENT_STREAM =
      AsciiString.cached("text/event-stream; charset=utf-8");
  private static final AsciiString JSON = AsciiString.cached("application/json");

  private final ChannelHandlerContext context;
  private final HttpRequestData request;
  private final Runnable onDone;
  private @Nullable Runnable onGone;
  private boolean done;

  /**
   * @param onDone called once, when the whole answer has been written
   */
  HttpExchange(ChannelHandlerContext context, HttpRequestData request, Runnable onDone) {
    this.context = context;
    this.request = request;
    this.onDone = onDone;
  }

  HttpRequestData request() {
    return request;
  }

  EventLoop eventLoop() {
    return context.channel().eventLoop();
  }

  /** Sets an action for a client that disconnects early. Runs it at once if that has happened. */
  void whenGone(Runnable task) {
    if (!context.channel().isActive()) {
      task.run();
    } else {
      onGone = task;
    }
  }

  /** Called when the connection has closed. */
  void gone() {
    if (!done && onGone != null) {
      onGone.run();
    }
    done = true;
  }

  /** Answers when a future completes, on the event loop. */
  <T> void when(CompletableFuture<T> future, Consumer<T> answer) {
    future.thenAcceptAsync(answer, eventLoop());
  }

  void json(int status, String body) {
    respond(status, JSON, body);
  }

  void error(VllmErrorException e) {
    json(e.status(), e.body());
  }

  /** Writes a whole answer; without a content type if that is null. */
  void respond(int status, @Nullable CharSequence contentType, String body) {
    if (done) {
      return;
    }
    ByteBuf content = ByteBufUtil.writeUtf8(context.alloc(), body);
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    firstHeaders(response.headers());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    if (contentType != null) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
    }
    lastHeaders(response.headers());
    finish(context.writeAndFlush(response));
  }

  /** Sends the headers of a stream. Like vLLM, does so before the first token. */
  void startStream() {
    if (done) {
      return;
    }
    DefaultHttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    firstHeaders(response.headers());
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, EVENT_STREAM);
    lastHeaders(response.headers());
    response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    context.writeAndFlush(response);
  }

  /** Writes one event of a stream; the text includes {@code data: } and the empty line. */
  void event(String event) {
    if (!done) {
      context.write(
          new DefaultHttpContent(Unpooled.wrappedBuffer(event.getBytes(StandardCharsets.UTF_8))));
    }
  }

  void flush() {
    context.flush();
  }

  void endStream() {
    if (!done) {
      finish(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
    }
  }

  /** Resets the connection, as a killed process does. */
  void reset() {
    if (context.channel().config() instanceof SocketChannelConfig socket) {
      socket.setSoLinger(0);
    }
    context.close();
  }

  private static void firstHeaders(HttpHeaders headers) {
    headers.set(HttpHeaderNames.DATE, HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    headers.set(HttpHeaderNames.SERVER, SERVER);
  }

  private void lastHeaders(HttpHeaders headers) {
    headers.set(HttpHeaderNames.VARY, "Origin");
    if (!request.keepAlive()) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  private void finish(ChannelFuture written) {
    done = true;
    if (request.keepAlive()) {
      onDone.run();
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }
}
