package io.kvroute.loadtest.replica;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpUtil;
import org.jspecify.annotations.Nullable;

/**
 * A request, copied from the network buffers.
 *
 * @param method method in capitals
 * @param path path without the query
 * @param contentType content type; null if the request has none
 * @param requestId value of {@code X-Request-Id}; null if the request has none
 * @param keepAlive whether the connection stays open
 * @param body bytes of the body; empty if there is none
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
