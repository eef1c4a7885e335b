package io.kvroute.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Cuts text into the words that a byte-level BPE tokenizer encodes one by one, as its own {@code
 * Split} expression cuts it. Immutable.
 *
 * <p>Java's regular expressions agree with the Hugging Face library's (Oniguruma) as far as this
 * goes: for expressions made of {@link #UNDERSTOOD} parts only, and for {@link #isPlain} characters
 * only, whose categories no version of Unicode has changed, which normalize to themselves, and
 * which no case folding joins with others. Elsewhere no cut is made.
 */
final class WordCutter {

  private static final String ESCAPE = "\\\\[rnsS]|\\\\p\\{(?:L|N|M|Lu|Ll|Lt|Lm|Lo)\\}";

  /** Classes, groups, alternatives and quantifiers without anchors or a look behind. */
  private static final Pattern UNDERSTOOD =
      Pattern.compile(
          "(?:"
              + ESCAPE
              + "|\\[\\^?(?:"
              + ESCAPE
              + "|[A-Za-z0-9 '/])+\\]|\\(\\?(?:i:|:|!)|\\{\\d,\\d\\}(?![+?*])|[()|?+*' /A-Za-z])+");

  /** What {@code ByteLevel} cuts with when it is not told otherwise. */
  private static final String BYTE_LEVEL =
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

  /** An expression reads at most so far behind a word that it ends before white space. */
  private static final int READ_AHEAD = 4;

  private final Pattern expression;

  private WordCutter(Pattern expression) {
    this.expression = expression;
  }

  /** How to cut for this tokenizer; null where it is not known to go word by word. */
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

  /** The words of {@code text[start, end)}, which stands alone, as far as they are sure. */
  Words cut(String text, int start, int end) {
    return new Words(
        expression.matcher(text).region(start, end), start, sureUpTo(text, start, end));
  }

  /** Whether the text alone is one word. */
  boolean isOneWord(String text) {
    Matcher matcher = expression.matcher(text);
    return matcher.lookingAt() && matcher.end() == text.length();
  }

  /** Words may end here at the latest, so that nothing that is not plain had a say in them. */
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

  /** ASCII, Latin letters with their marks, and the dashes, quotation marks and ellipsis. */
  private static boolean isPlain(char c) {
    return c < 0x80 || (c >= 0xc0 && c <= 0x17e) || (c >= 0x2010 && c <= 0x2027);
  }

  /** A walk from word to word. */
  static final class Words {
    private final Matcher matcher;
    private final int sureUpTo;
    private int end;

    private Words(Matcher matcher, int start, int sureUpTo) {
      this.matcher = matcher;
      this.sureUpTo = sureUpTo;
      this.end = start;
    }

    /** Steps to the next word, which starts where the last one ended; false if none is sure. */
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

    /** Where the word ends that was stepped to last. */
    int end() {
      return end;
    }
  }
}
