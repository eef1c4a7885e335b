package io.kvroute.tokenizer.bpe;

import java.text.Normalizer;

/**
 * Unicode normalization form C as the Hugging Face library knows it, which is an older Unicode
 * version than the JDK's. The JDK normalizes only code points that both versions treat alike; all
 * others stay as they are and keep their neighbours apart, as unassigned code points do.
 */
final class Nfc {

  private Nfc() {}

  /** Whether {@code text[start, end)} surely is in form C: nothing in it reacts to NFC. */
  static boolean isInert(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c >= 0x300) {
        int codePoint = text.codePointAt(i);
        if (UnicodeClasses.reactsToNfc(codePoint)) {
          return false;
        }
        i += Character.charCount(codePoint) - 1;
      }
    }
    return true;
  }

  /** The text in form C. */
  static String normalize(String text) {
    StringBuilder out = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      int first = text.codePointAt(at);
      int next = at + Character.charCount(first);
      int end = endOfReacting(text, next);
      boolean reacts = UnicodeClasses.reactsToNfc(first);
      int from = reacts || UnicodeClasses.joinsInNfc(first) ? at : next;
      out.append(text, at, from);
      if (end == next && !reacts) {
        out.append(text, from, end);
      } else {
        out.append(Normalizer.normalize(text.substring(from, end), Normalizer.Form.NFC));
      }
      at = end;
    }
    return out.toString();
  }

  private static int endOfReacting(String text, int start) {
    int end = start;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      if (!UnicodeClasses.reactsToNfc(codePoint)) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return end;
  }
}
