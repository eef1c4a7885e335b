package io.kvroute.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Splits text into the words that a byte-level BPE tokenizer encodes one by one, using the {@code
 * Split} expression of that tokenizer. Immutable. Costs one run of the expression over the text.
 *
 * <p>The ids of such a text are the ids of its words, concatenated. But the library uses another
 * regular expression engine (Oniguruma) and another Unicode version than Java, so a split is
 * trusted only where both certainly agree: for expressions built of {@link #UNDERSTOOD} parts, and
 * for {@link #isPlain} characters, whose categories no version of Unicode changed, which are their
 * own normal form, and which case folding joins with no others. Before the first other character
 * the last few characters are left out too, because the expression may look ahead. Everything after
 * the trusted words is encoded as one piece. Example with GPT-2's expression:
 *
 * <pre>{@code
 * "It's 3 apples水 here"
 * It | 's |  3               certain words; each takes along the blank before it
 *  apples水 here         from the blank before the first character that is not plain: one piece
 * }</pre>
 */
final class WordCutter {

  private static final String ESCAPE = "\\\\[rnsS]|\\\\p\\{(?:L|N|M|Lu|Ll|Lt|Lm|Lo)\\}";

  /** Character classes, groups, alternatives and quantifiers; no anchors and no look-behind. */
  private static final Pattern UNDERSTOOD =
      Pattern.compile(
          "(?:"
              + ESCAPE
              + "|\\[\\^?(?:"
              + ESCAPE
              + "|[A-Za-z0-9 '/])+\\]|\\(\\?(?:i:|:|!)|\\{\\d,\\d\\}(?![+?*])|[()|?+*' /A-Za-z])+");

  /** The expression of {@code ByteLevel} if the file does not define one. */
  private static final String BYTE_LEVEL =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** How far, at most, an expression looks ahead beyond a word that ends before white space. */
  private static final int READ_AHEAD = 4;

  private final Pattern expression;

  private WordCutter(Pattern expression) {
    this.expression = expression;
  }

  /** The cutter for this tokenizer; null unless it is known to encode word by word. */
  static @Nullable WordCutter of(TokenizerJson json) {
    String expression = expression(json.preTokenizer());
    boolean wordByWord =
        json.model().path("type").asString("BPE").equals("BPE")
            && json.model().path("dropout").asDouble(0) == 0
            && keepsPlainText(json.normalizer())
            && json.addedTokens().stream().noneMatch(AddedToken::normalized);
    return wordByWord && expression != null && UNDERSTOOD.matcher(expression).matches()
        ? new WordCutter(Pattern.compile(expression))
        : null;
  }

  private static boolean keepsPlainText(JsonNode normalizer) {
    return normalizer.isMissingNode()
        || normalizer.isNull()
        || normalizer.path("type").asString("").equals("NFC");
  }

  private static @Nullable String expression(JsonNode preTokenizer) {
    if (isByteLevel(preTokenizer, true)) {
      return BYTE_LEVEL;
    }
    JsonNode parts = preTokenizer.path("pretokenizers");
    JsonNode split = parts.path(0);
    boolean splitsThenBytes =
        parts.size() == 2
            && split.path("type").asString("").equals("Split")
            && split.path("behavior").asString("").equals("Isolated")
            && !split.path("invert").asBoolean(true)
            && isByteLevel(parts.path(1), false);
    return splitsThenBytes ? split.path("pattern").path("Regex").asString(null) : null;
  }

  private static boolean isByteLevel(JsonNode part, boolean usesExpression) {
    return part.path("type").asString("").equals("ByteLevel")
        && !part.path("add_prefix_space").asBoolean(true)
        && part.path("use_regex").asBoolean(true) == usesExpression;
  }

  /** The words of {@code text[start, end)}, taken as a whole text, as far as they are certain. */
  Words cut(String text, int start, int end) {
    return new Words(
        expression.matcher(text).region(start, end), start, sureUpTo(text, start, end));
  }

  /** Whether the text by itself is exactly one word. */
  boolean isOneWord(String text) {
    Matcher matcher = expression.matcher(text);
    return matcher.lookingAt() && matcher.end() == text.length();
  }

  /**
   * The last position at which a certain word may end, so that no character that is not plain
   * influenced it.
   */
  private static int sureUpTo(String text, int start, int end) {
    int foreign = start;
    while (foreign < end && isPlain(text.charAt(foreign))) {
      foreign++;
    }
    if (foreign == end) {
      return end;
    }
    int sure = foreign - READ_AHEAD;
    while (sure > start && isSpace(text.charAt(sure))) {
      sure--;
    }
    return sure;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** ASCII, Latin letters with diacritics, dashes, quotation marks and the ellipsis. */
  private static boolean isPlain(char c) {
    return c < 0x80 || (c >= 0xc0 && c <= 0x17e) || (c >= 0x2010 && c <= 0x2027);
  }

  /** Iterates over the words. */
  static final class Words {
    private final Matcher matcher;
    private final int sureUpTo;
    private int end;

    private Words(Matcher matcher, int start, int sureUpTo) {
      this.matcher = matcher;
      this.sureUpTo = sureUpTo;
      this.end = start;
    }

    /**
     * Advances to the next word, which starts where the last one ended; false if no further word is
     * certain.
     */
    boolean next() {
      if (end >= sureUpTo || !matcher.find() || matcher.start() != end) {
        return false;
      }
      int next = matcher.end();
      if (next == end || next > sureUpTo) {
        return false;
      }
      end = next;
      return true;
    }

    /** The end of the current word. */
    int end() {
      return end;
    }
  }
}
