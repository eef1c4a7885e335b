package io.kvroute.router.accesslog;

/**
 * Writes texts from clients as JSON strings of printable ASCII characters, so that no text can
 * begin a line of its own or control a terminal.
 */
final class Quoting {

  private static final int MAX_CHARACTERS = 256;
  private static final String HEX = "0123456789abcdef";

  private Quoting() {}

  /** Whether the text is short and needs no quotes in a {@code name=value} pair. */
  static boolean isPlain(String text) {
    if (text.isEmpty() || text.length() > MAX_CHARACTERS) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=') {
        return false;
      }
    }
    return true;
  }

  /** Appends the text in quotes; cuts it after 256 characters and then adds an ellipsis. */
  static void append(String text, StringBuilder to) {
    to.append('"');
    int length = Math.min(text.length(), MAX_CHARACTERS);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        to.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        to.append(c);
      } else {
        to.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          to.append(HEX.charAt(c >>> shift & 0xf));
        }
      }
    }
    to.append(length < text.length() ? "...\"" : "\"");
  }
}
