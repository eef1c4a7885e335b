package io.kvroute.loadtest.replica;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection. Serves requests one after another; closes when idle, like uvicorn. */
@SuppressWarnings("FutureReturnValueIgnored") // a close needs no follow-up but channelInactive
final class ReplicaConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final Logger LOG = LoggerFactory.getLogger(ReplicaConnection.class);

  /** The value to which vLLM sets uvicorn's --timeout-keep-alive. */
  private static final int IDLE_SECONDS = 5;

  private final Consumer<HttpExchange> routes;
  private final Queue<HttpRequestData> waiting = new ArrayDeque<>();
  private @Nullable HttpExchange current;
  private @Nullable Future<?> idleClose;

  ReplicaConnection(Consumer<HttpExchange> routes) {
    this.routes = routes;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest message) {
    HttpRequestData request = HttpRequestData.of(message);
    if (message.decoderResult().isFailure()) {
      HttpRequestData last =
          new HttpRequestData(request.method(), request.path(), null, null, false, new byte[0]);
      new HttpExchange(context, last, () -> {})
          .respond(400, "text/plain; charset=utf-8", "Invalid HTTP request received.");
      return;
    }
    if (current != null) {
      waiting.add(request);
      return;
    }
    begin(context, request);
  }

  private void begin(ChannelHandlerContext context, HttpRequestData request) {
    if (idleClose != null) {
      idleClose.cancel(false);
    }
    HttpExchange exchange = new HttpExchange(context, request, () -> next(context));
    current = exchange;
    routes.accept(exchange);
  }

  private void next(ChannelHandlerContext context) {
    current = null;
    HttpRequestData request = waiting.poll();
    if (request != null) {
      begin(context, request);
      return;
    }
    idleClose = context.executor().schedule(() -> context.close(), IDLE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (idleClose != null) {
      idleClose.cancel(false);
    }
    waiting.clear();
    if (current != null) {
      current.gone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.warn("a connection of a simulated replica failed", cause);
    }
    context.close();
  }
}
