package io.kvroute.tokenizer.jinja.values;

import java.util.Locale;

/** Python's changes of case, by code point and with Unicode's full mappings. */
public final class CaseMapping {

  private CaseMapping() {}

  public static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  public static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** The first character in title case, the others in lower case. */
  public static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return title(text.codePointAt(0))
        + lower(text).substring(lower(text.substring(0, first)).length());
  }

  /** The first cased character of each run in title case, the others in lower case. */
  public static String title(String text) {
    String lower = lower(text);
    StringBuilder out = new StringBuilder(text.length());
    boolean previousCased = false;
    boolean aligned = lower.length() == text.length();
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      if (!previousCased) {
        out.append(title(c));
      } else {
        out.append(aligned ? lower.substring(i, next) : lower(text.substring(i, next)));
      }
      previousCased = isCased(c);
      i = next;
    }
    return out.toString();
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  private static String title(int c) {
    int simple = Character.toTitleCase(c);
    String upper = upper(Character.toString(c));
    if (simple != c || upper.codePointCount(0, upper.length()) == 1) {
      return Character.toString(simple);
    }
    int rest = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, rest) + lower(upper.substring(rest));
  }

  public static String swapCase(String text) {
    String lower = lower(text);
    boolean aligned = lower.length() == text.length();
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      String one = text.substring(i, next);
      if (Character.isUpperCase(c)) {
        out.append(aligned ? lower.substring(i, next) : lower(one));
      } else {
        out.append(Character.isLowerCase(c) ? upper(one) : one);
      }
      i = next;
    }
    return out.toString();
  }

  /** Case folding for comparison: as good as full folding for what templates compare. */
  public static String fold(String text) {
    return lower(upper(text)).replace('ς', 'σ');
  }
}
