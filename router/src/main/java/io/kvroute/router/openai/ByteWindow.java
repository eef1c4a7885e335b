package io.kvroute.router.openai;

import io.netty.buffer.ByteBuf;

/**
 * Copies a stream's newest bytes into one array, whatever buffers they arrive in, and keeps the
 * last few older bytes before them, so that a key cut in two can be compared as a whole. Not
 * thread-safe.
 */
final class ByteWindow {

  /** The number of older bytes kept; more than the longest key that is searched. */
  static final int PAST = 16;

  /** The most new bytes in the array. */
  static final int SIZE = 512;

  private final byte[] bytes = new byte[PAST + SIZE];
  private int end = PAST;

  /** The array; new bytes start at {@link #PAST}. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Loads {@code buffer[from..to)}, or as much of it as fits.
   *
   * @return the end of the new bytes in the array
   */
  int fill(ByteBuf buffer, int from, int to) {
    System.arraycopy(bytes, end - PAST, bytes, 0, PAST);
    int length = Math.min(SIZE, to - from);
    buffer.getBytes(from, bytes, PAST, length);
    end = PAST + length;
    return end;
  }
}
