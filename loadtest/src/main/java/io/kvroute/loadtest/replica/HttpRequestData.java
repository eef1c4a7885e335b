package io.kvroute.loadtest.replica;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * A request, off the wire's buffers.
 *
 * @param method in capitals
 * @param path without the query
 * @param contentType null if the request has none
 * @param requestId {@code X-Request-Id}; null if the request has none
 * @param keepAlive whether the connection stays
 * @param body empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpRequestData(
    String method,
    String path,
    @Nullable String contentType,
    @Nullable String requestId,
    boolean keepAlive,
    byte[] body) {

  static HttpRequestData of(FullHttpRequest request) {
    String uri = request.uri();
    int query = uri.indexOf('?');
    return new HttpRequestData(
        request.method().name(),
        query < 0 ? uri : uri.substring(0, query),
        request.headers().get(HttpHeaderNames.CONTENT_TYPE),
        request.headers().get("x-request-id"),
        HttpUtil.isKeepAlive(request),
        ByteBufUtil.getBytes(request.content()));
  }
}
