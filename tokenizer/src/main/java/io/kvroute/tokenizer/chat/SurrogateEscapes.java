package io.kvroute.tokenizer.chat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Replaces JSON escapes of surrogates by the surrogates themselves. Python allows lone surrogates
 * in the names of fields; Jackson allows them there only as characters, not as escapes.
 */
final class SurrogateEscapes {

  private static final int ESCAPE_LENGTH = 6;

  private SurrogateEscapes() {}

  /** Converts JSON in UTF-8; null if it is not UTF-8 or contains no such escapes. */
  static @Nullable String replaced(byte[] json) {
    try {
      return replaced(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Converts JSON text; null if it contains no such escapes. */
  static @Nullable String replaced(String json) {
    StringBuilder replaced = new StringBuilder(json.length());
    int copied = 0;
    int i = json.indexOf('\\');
    while (i >= 0 && i + 1 < json.length()) {
      int surrogate = surrogateAt(json, i);
      if (surrogate < 0) {
        i = json.indexOf('\\', i + 2);
        continue;
      }
      replaced.append(json, copied, i).append((char) surrogate);
      copied = i + ESCAPE_LENGTH;
      i = json.indexOf('\\', copied);
    }
    return copied == 0 ? null : replaced.append(json, copied, json.length()).toString();
  }

  /** The surrogate whose escape starts at this backslash; -1 for any other escape. */
  private static int surrogateAt(String json, int backslash) {
    if (json.charAt(backslash + 1) != 'u' || backslash + ESCAPE_LENGTH > json.length()) {
      return -1;
    }
    int unit = 0;
    for (int i = backslash + 2; i < backslash + ESCAPE_LENGTH; i++) {
      int digit = Character.digit(json.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      unit = unit * 16 + digit;
    }
    return Character.isSurrogate((char) unit) ? unit : -1;
  }
}
