package io.kvroute.tokenizer.bpe;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which scanner does what a {@code pre_tokenizer} says. Expressions are known by their text. */
final class WordScanners {

  private static final String WHITE_SPACE = "\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
  private static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
  private static final String UPPER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String LOWER = "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]";
  private static final String NO_LETTER = "[^\\r\\n\\p{L}\\p{N}]?";

  private static final Map<String, WordScanner> BY_EXPRESSION =
      Map.of(
          cl100k("\\p{L}", "\\p{L}", "\\p{N}{1,3}"), new Cl100kWords(UnicodeClasses.L, 3),
          cl100k("\\p{L}", "\\p{L}", "\\p{N}"), new Cl100kWords(UnicodeClasses.L, 1),
          cl100k("[\\p{L}\\p{M}]", "\\p{L}\\p{M}", "\\p{N}"),
              new Cl100kWords(UnicodeClasses.L | UnicodeClasses.M, 1),
          o200k(CONTRACTION + "?", "\\p{N}{1,3}"), new O200kWords(true, 3),
          o200k("", "\\p{N}"), new O200kWords(false, 1));

  private static final String[] DEEP_SEEK = {
    "\\p{N}{1,3}",
    "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
        + "|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
        + "| ?[\\p{P}\\p{S}]+[\r\n]*"
        + "|\\s*[\r\n]+|\\s+(?!\\S)|\\s+"
  };

  private WordScanners() {}

  private static String cl100k(String letter, String letters, String digits) {
    return CONTRACTION
        + ("|" + NO_LETTER + letter + "+|" + digits)
        + ("| ?[^\\s" + letters + "\\p{N}]+[\\r\\n]*|" + WHITE_SPACE);
  }

  private static String o200k(String contraction, String digits) {
    return NO_LETTER
        + (UPPER + "*" + LOWER + "+" + contraction)
        + ("|" + NO_LETTER + UPPER + "+" + LOWER + "*" + contraction)
        + ("|" + digits + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|" + WHITE_SPACE);
  }

  /** The scanner; null if there is none. */
  static @Nullable WordScanner of(JsonNode preTokenizer) {
    if (isByteLevel(preTokenizer, true)) {
      return new Gpt2Words(false);
    }
    JsonNode parts = preTokenizer.path("pretokenizers");
    JsonNode first = parts.path(0);
    JsonNode last = parts.path(parts.size() - 1);
    if (parts.size() == 2 && isByteLevel(last, true)) {
      boolean digits =
          first.path("type").asString("").equals("Digits")
              && first.path("individual_digits").asBoolean(false);
      return digits ? new Gpt2Words(true) : null;
    }
    if (!isByteLevel(last, false)) {
      return null;
    }
    if (parts.size() == 2) {
      return isSplit(first, true) ? BY_EXPRESSION.get(expression(first)) : null;
    }
    return isDeepSeek(parts) ? new DeepSeekWords() : null;
  }

  private static boolean isDeepSeek(JsonNode parts) {
    if (parts.size() != DEEP_SEEK.length + 1) {
      return false;
    }
    for (int i = 0; i < DEEP_SEEK.length; i++) {
      if (!isSplit(parts.path(i), false) || !expression(parts.path(i)).equals(DEEP_SEEK[i])) {
        return false;
      }
    }
    return true;
  }

  private static String expression(JsonNode split) {
    return split.path("pattern").path("Regex").asString("");
  }

  /**
   * Whether it splits at each match and keeps all of the text.
   *
   * @param coversAll whether the expression matches everywhere, so that keeping only the matches is
   *     the same
   */
  private static boolean isSplit(JsonNode part, boolean coversAll) {
    String behavior = part.path("behavior").asString("");
    boolean inverted = part.path("invert").asBoolean(false);
    return part.path("type").asString("").equals("Split")
        && (inverted ? coversAll && behavior.equals("Removed") : behavior.equals("Isolated"));
  }

  private static boolean isByteLevel(JsonNode part, boolean usesExpression) {
    return part.path("type").asString("").equals("ByteLevel")
        && !part.path("add_prefix_space").asBoolean(true)
        && part.path("use_regex").asBoolean(true) == usesExpression;
  }
}
