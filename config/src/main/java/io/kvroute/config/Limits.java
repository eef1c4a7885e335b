package io.kvroute.config;

/**
 * What a client may send, so that no client can exhaust the process.
 *
 * @param bodyBytes the largest body of one request
 * @param bufferedBytes the bodies of all requests that wait for their forwarding
 * @param headerBytes request line and headers of one request
 */
public record Limits(long bodyBytes, long bufferedBytes, int headerBytes) {

  private static final int MIB = 1 << 20;

  static final Limits DEFAULT = new Limits(64L * MIB, 512L * MIB, 64 * 1024);

  static Limits read(Section in) {
    long body = in.value("body", DEFAULT.bodyBytes, ValueTypes.bytes(1024, Integer.MAX_VALUE));
    long buffered =
        in.value("buffered-bodies", DEFAULT.bufferedBytes, ValueTypes.bytes(1024, Long.MAX_VALUE));
    long header = in.value("header", (long) DEFAULT.headerBytes, ValueTypes.bytes(1024, MIB));
    if (buffered < body) {
      in.reject("buffered-bodies", buffered + " bytes", "at least limits.body, " + body);
    }
    return new Limits(body, buffered, (int) header);
  }
}
