package io.kvroute.router.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Finds the field {@code model} in a multipart form, the format of audio requests. */
final class MultipartModelField {

  private static final byte[] NAME = "name=\"model\"".getBytes(ISO_8859_1);
  private static final byte[] BLANK_LINE = "\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] LINE_END = "\r\n".getBytes(ISO_8859_1);

  /** Longer values are not model names. */
  private static final int MAX_BYTES = 512;

  private MultipartModelField() {}

  /** The field's value, or null. */
  static @Nullable String find(byte[] form) {
    int name = indexOf(NAME, form, 0, form.length);
    if (name < 0) {
      return null;
    }
    int blank = indexOf(BLANK_LINE, form, name, form.length);
    if (blank < 0) {
      return null;
    }
    int from = blank + BLANK_LINE.length;
    int to = indexOf(LINE_END, form, from, Math.min(form.length, from + MAX_BYTES));
    return to <= from ? null : new String(form, from, to - from, UTF_8);
  }

  private static int indexOf(byte[] wanted, byte[] in, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      if (in[i] == wanted[0] && matches(wanted, in, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean matches(byte[] wanted, byte[] in, int at) {
    for (int k = 1; k < wanted.length; k++) {
      if (in[at + k] != wanted[k]) {
        return false;
      }
    }
    return true;
  }
}
