package io.kvroute.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * The table against what the Hugging Face library itself says about code points: all of the planes
 * that have characters, every 61st of the others ({@code -Dkvroute.bpe.seconds} makes it all).
 */
class UnicodeClassesTest {

  private static final String BYTE_LEVEL =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,"
          + "\"use_regex\":false}";

  private static final String REPLACE =
      "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":["
          + "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"%s\"},\"content\":\"\\u0001\\u0002\"},"
          + "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"[^\\u0001\\u0002]\"},"
          + "\"content\":\"N\"}]},\"pre_tokenizer\":"
          + BYTE_LEVEL
          + "}";

  private static List<Integer> codePoints() {
    int step = Long.getLong("kvroute.bpe.seconds", 0) > 1 ? 1 : 61;
    List<Integer> codePoints = new ArrayList<>();
    for (int c = 3; c <= Character.MAX_CODE_POINT; c += c < 0x32400 || c >> 8 == 0xe01 ? 1 : step) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        codePoints.add(c);
      }
    }
    return codePoints;
  }

  /** Compares what an expression matches with a predicate. */
  private static void check(String expression, IntPredicate expected) {
    String escaped = expression.replace("\\", "\\\\");
    try (HuggingFace library = new HuggingFace(ByteTokenizer.json(REPLACE.formatted(escaped)))) {
      List<Integer> codePoints = codePoints();
      StringBuilder text = new StringBuilder();
      codePoints.forEach(text::appendCodePoint);
      int[] ids = library.encode(text.toString());
      int at = 0;
      for (int codePoint : codePoints) {
        boolean matches = ids[at] == 1;
        at += matches ? 2 : 1;
        assertThat(matches)
            .as("%s on U+%X", expression, codePoint)
            .isEqualTo(expected.test(codePoint));
      }
      assertThat(at).isEqualTo(ids.length);
    }
  }

  @Test
  void hasTheClassesOfTheLibrarysExpressions() {
    Map<String, Integer> classes = new LinkedHashMap<>();
    classes.put("\\p{Lu}", UnicodeClasses.LU);
    classes.put("\\p{Lt}", UnicodeClasses.LT);
    classes.put("\\p{Ll}", UnicodeClasses.LL);
    classes.put("\\p{Lm}", UnicodeClasses.LM);
    classes.put("\\p{L}", UnicodeClasses.L);
    classes.put("\\p{M}", UnicodeClasses.M);
    classes.put("\\p{N}", UnicodeClasses.N);
    classes.put("\\p{P}", UnicodeClasses.P);
    classes.put("\\p{S}", UnicodeClasses.S);
    classes.put("\\s", UnicodeClasses.WHITE_SPACE);
    classes.forEach(
        (expression, set) -> check(expression, c -> (UnicodeClasses.ofCodePoint(c) & set) != 0));
  }

  @Test
  void knowsWhichCharactersAnExpressionOfAnyCaseTakesForTheLettersOfContractions() {
    check("(?i:s)", c -> c == 's' || c == 'S' || c == 0x17f);
    check("(?i:[tdmrevl])", c -> c < 0x80 && "tdmrevlTDMREVL".indexOf(c) >= 0);
  }

  @Test
  void knowsTheLibrarysWordCharactersAndWhiteSpaceAroundAddedTokens() {
    String added =
        "{\"added_tokens\":[{\"id\":300,\"content\":\"ZZ\",\"single_word\":%s,\"lstrip\":false,"
            + "\"rstrip\":%s,\"normalized\":false,\"special\":false}],\"pre_tokenizer\":"
            + BYTE_LEVEL
            + "}";
    try (HuggingFace words = new HuggingFace(ByteTokenizer.json(added.formatted(true, false)));
        HuggingFace strips = new HuggingFace(ByteTokenizer.json(added.formatted(false, true)))) {
      for (int c : codePoints()) {
        String text = "ZZ" + Character.toString(c);
        if (c != 'Z') {
          assertThat(words.encode(text)[0] == 'Z')
              .as("U+%X", c)
              .isEqualTo(UnicodeClasses.isWord(c));
          assertThat(strips.encode(text).length == 1)
              .as("U+%X", c)
              .isEqualTo(UnicodeClasses.isWhiteSpace(c));
        }
      }
    }
  }
}
