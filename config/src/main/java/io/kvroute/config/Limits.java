package io.kvroute.config;

/**
 * Limits that keep clients and prompts from exhausting the process.
 *
 * @param bodyBytes the body of one request
 * @param bufferedBytes the bodies of all requests buffered at once; 0 means a quarter of the heap
 * @param headerBytes request line and headers of one request
 * @param indexBytes each index of cached blocks; 0 means a quarter of the heap, at most 1 GiB
 */
public record Limits(int bodyBytes, long bufferedBytes, int headerBytes, long indexBytes) {

  private static final long MIB = 1 << 20;

  static final Limits DEFAULT = new Limits(64 << 20, 0, 64 << 10, 0);

  static Limits read(Section in) {
    long body =
        in.value("body", (long) DEFAULT.bodyBytes, ValueTypes.bytes(1024, Integer.MAX_VALUE));
    long buffered = in.value("buffered-bodies", 0L, ValueTypes.bytes(1024, Long.MAX_VALUE));
    long header = in.value("header", (long) DEFAULT.headerBytes, ValueTypes.bytes(1024, MIB));
    long index = in.value("index", 0L, ValueTypes.bytes(MIB, Long.MAX_VALUE));
    if (buffered > 0 && buffered < body) {
      in.reject("buffered-bodies", buffered + " bytes", "at least limits.body, " + body);
    }
    return new Limits((int) body, buffered, (int) header, index);
  }
}
