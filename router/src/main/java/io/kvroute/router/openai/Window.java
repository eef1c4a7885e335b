package io.kvroute.router.openai;

import io.netty.buffer.ByteBuf;

/**
 * A stream's newest bytes as an array, whatever buffers they came in, with the last few older bytes
 * before them, so that what was cut in two can be seen whole.
 */
final class Window {

  /** Older bytes kept; longer than any key that is looked for. */
  static final int PAST = 16;

  /** New bytes a window holds at most. */
  static final int SIZE = 512;

  private final byte[] bytes = new byte[PAST + SIZE];
  private int end = PAST;

  /** The array: new bytes start at {@link #PAST}. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Moves on to {@code buffer[from..to)} or as much of it as fits.
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
