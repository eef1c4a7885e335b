package io.kvroute.router.openai;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the contents of JSON strings that arrive in pieces, up to a limit. Not thread-safe. */
final class TextCapture {

  private static final int LIMIT_BYTES = 256 << 10;

  private byte[] bytes = {};
  private int length;
  private boolean escaped;
  private boolean tooLong;

  /** Appends the next byte of a string; returns true if it ended the string. */
  boolean ends(byte b) {
    if (b == '"' && !escaped) {
      return true;
    }
    escaped = !escaped && b == '\\';
    if (length == bytes.length) {
      tooLong |= length >= LIMIT_BYTES;
      if (tooLong) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, Math.max(256, 2 * length));
    }
    bytes[length++] = b;
    return false;
  }

  /** The concatenated strings, or null if they exceeded the limit. */
  @Nullable String text() {
    return tooLong ? null : JsonText.decode(bytes, 0, length);
  }
}
