package io.kvroute.tokenizer.bpe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Hashes of short byte sequences, eight bytes at a time. Arrays must have {@link #PADDING} bytes
 * behind every sequence.
 */
final class WordHash {

  static final int PADDING = Long.BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  private WordHash() {}

  /** The eight bytes from {@code at} on. */
  static long longAt(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  /** The first {@code count} bytes from {@code at} on, 1 to 8, and zeros behind them. */
  static long longAt(byte[] bytes, int at, int count) {
    return longAt(bytes, at) & (-1L >>> (Long.SIZE - Byte.SIZE * count));
  }

  /** The hash of some bytes, at least one; its upper bits are the best. */
  static long of(byte[] bytes, int start, int length) {
    long hash = length * FACTOR;
    int at = start;
    int left = length;
    while (left > Long.BYTES) {
      hash = mix(hash ^ longAt(bytes, at));
      at += Long.BYTES;
      left -= Long.BYTES;
    }
    return mix(hash ^ longAt(bytes, at, left));
  }

  private static long mix(long value) {
    long product = value * FACTOR;
    return (product ^ (product >>> 32)) * FACTOR;
  }
}
