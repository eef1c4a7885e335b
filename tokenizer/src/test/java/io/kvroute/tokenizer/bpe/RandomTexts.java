package io.kvroute.tokenizer.bpe;

import java.util.List;
import java.util.Random;

/**
 * Texts made to break a tokenizer: characters of all of Unicode, long runs of one character,
 * digits, mixes of white space, contractions in upper and lower case, look-alikes and halves of
 * added tokens, combining sequences.
 */
final class RandomTexts {

  private static final int LAST_ASSIGNED = 0x323af;

  private static final String[] WORDS = {
    "the",
    "Hello",
    "World",
    "HTTPServer",
    "getX",
    "ÉCOLE",
    "naïve",
    "Straße",
    "Ωmega",
    "привет",
    "Мир",
    "ǅ",
    "ǅungla",
    "ﬁ",
    "你好",
    "世界",
    "今日は",
    "カタカナ",
    "한국어",
    "שלום",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "ªº",
    "ʰʱ",
    "\u0301",
    "e\u0301",
    "E\u0301A\u0301",
    "x\u0323\u0307",
    "\u1100\u1161",
    "\uac00\u11a8",
    "🚀",
    "👩‍👩‍👧",
    "🇩🇪",
    "\ufe0f",
    "\u200d",
    "\u00ad",
    "\ud7fb",
    "\u3040",
    "\u3097",
    "\u3099",
    "\u30fb",
    "\u30fc",
    "\u4e00",
    "\u9fa5",
    "\u9fa6",
    "\u3005",
    "\u2126",
    "\u212b",
    "\uf900",
    "\ufb1d",
    "\u0958",
    "\u0344",
    "\u0f73",
    "\ud834\udd5e"
  };

  private static final String[] SPACES = {
    " ", " ", " ", "  ", "   ", "\n", "\n", "\r", "\r\n", "\n\n", "\t", "\t\t", "\f", "\u000b",
    "\u0085", "\u00a0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u3000", " \n", "\n ",
    "\u200b", "\ufeff", "\u001c", "\u001f", "\u180e"
  };

  private static final String[] CONTRACTIONS = {
    "'s", "'S", "'\u017f", "'t", "'T", "'re", "'RE", "'Re", "'rE", "'ve", "'VE", "'m", "'M", "'ll",
    "'LL", "'lL", "'d", "'D", "'r", "'v", "'l", "'", "''", "'e", "\u2019s", "'\u212a", "'ß", "'ﬆ"
  };

  private static final String SYMBOLS =
      "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~/////\u2014\u2026\u00ab\u20ac×÷";
  private static final String DIGITS = "0123456789\u0660\u0967\u00b2\u00bd\u2167\u2460\u3007";

  private final Random random;
  private final List<String> added;

  /**
   * @param added texts of added tokens
   */
  RandomTexts(long seed, List<String> added) {
    this.random = new Random(seed);
    this.added = added;
  }

  /** The next text, of one part to about {@code maxParts}. */
  String next(int maxParts) {
    StringBuilder text = new StringBuilder();
    int parts = 1 + random.nextInt(maxParts);
    for (int i = 0; i < parts; i++) {
      appendPart(text);
    }
    return text.toString();
  }

  private void appendPart(StringBuilder text) {
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> text.append(one(WORDS));
      case 3, 4, 5 -> text.append(one(SPACES));
      case 6, 7 -> text.append(one(CONTRACTIONS));
      case 8 -> appendChars(text, DIGITS, 1 + random.nextInt(7));
      case 9 -> appendChars(text, SYMBOLS, 1 + random.nextInt(3));
      case 10 -> appendChars(text, "aAbBeEsStTlLrRdDmMvV", 1 + random.nextInt(9));
      case 11 -> appendCodePoints(text, 1 + random.nextInt(6));
      case 12 -> appendRun(text);
      case 13 -> appendAdded(text);
      case 14 -> text.append((char) random.nextInt(0x80));
      default -> appendNear(text, 1 + random.nextInt(12));
    }
  }

  private String one(String[] from) {
    return from[random.nextInt(from.length)];
  }

  private void appendChars(StringBuilder text, String from, int count) {
    for (int i = 0; i < count; i++) {
      text.append(from.charAt(random.nextInt(from.length())));
    }
  }

  private void appendCodePoints(StringBuilder text, int count) {
    for (int i = 0; i < count; i++) {
      append(text, random.nextInt(random.nextInt(8) == 0 ? 0x110000 : LAST_ASSIGNED));
    }
  }

  /** Characters of one block, as a real text has them. */
  private void appendNear(StringBuilder text, int count) {
    int block = random.nextInt(random.nextBoolean() ? 0x30 : LAST_ASSIGNED >>> 8) << 8;
    for (int i = 0; i < count; i++) {
      append(text, block + random.nextInt(0x100));
    }
  }

  private static void append(StringBuilder text, int codePoint) {
    if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
      text.appendCodePoint(codePoint);
    }
  }

  private void appendRun(StringBuilder text) {
    int start = text.length();
    switch (random.nextInt(4)) {
      case 0 -> appendCodePoints(text, 1);
      case 1 -> text.append(one(SPACES));
      case 2 -> text.append(one(WORDS));
      default -> text.append((char) (' ' + random.nextInt(0x5f)));
    }
    String unit = text.substring(start);
    text.append(unit.repeat(random.nextInt(random.nextInt(8) == 0 ? 300 : 12)));
  }

  private void appendAdded(StringBuilder text) {
    if (!added.isEmpty()) {
      String token = added.get(random.nextInt(added.size()));
      int from = random.nextInt(6) == 0 ? random.nextInt(token.length()) : 0;
      int to = random.nextInt(6) == 0 ? random.nextInt(token.length()) : token.length();
      for (int i = from; i < to; i += Character.charCount(token.codePointAt(i))) {
        append(text, token.codePointAt(i));
      }
    }
  }
}
