package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids assembled from cached words equal those of the whole text. */
class WordTokenizerTest {

  private static final long SEED = 20261121;
  private static final int TEXTS = 3_000;

  /** Characters that decide where an expression splits occur most often. */
  private static final String ALPHABET =
      "aaeeinrstABCDSTLéÉßŒœıİ0123456789      \n\n\r\t\f\u000b''\"\".,;:!?/\\()[]{}<>|@#$%&*-+=_~`^"
          + "\u2014\u2019\u2026\u0000\u001f\u007f×÷";

  private static final String FOREIGN = "\u017f\u0301\u0345\u3000\u0085\u00a0ªº你か한\u2028ǅ²½\u2126";

  private final ParityCorpus corpus = ParityCorpus.open();

  @Test
  void returnsTheIdsOfTheWholeTextForEveryTokenizerThatEncodesWordByWord() throws Exception {
    int tried = 0;
    for (String model : corpus.models()) {
      TokenizerJson json = TokenizerJson.parse(corpus.files(model).tokenizerJson());
      WordCutter cutter = WordCutter.of(json);
      if (cutter != null) {
        tried++;
        NativeTokenizer whole = new NativeTokenizer(json.text());
        WordTokenizer words = new WordTokenizer(whole, cutter);
        AddedTokenFinder added = new AddedTokenFinder(json.addedTokens());
        Random random = new Random(SEED);
        for (int i = 0; i < TEXTS; i++) {
          String text = text(random, i % 3 == 0);
          if (!AddedTokenFinder.isNone(added.find(text, 0))) {
            continue; // pieces contain no added token
          }
          IdBuffer out = new IdBuffer(16);
          words.encode(text, 0, text.length(), out, Integer.MAX_VALUE);
          assertThat(out.from(0))
              .as("%s, seed %d, text %d: %s", model, SEED, i, escaped(text))
              .isEqualTo(whole.encode(text, false));
        }
      }
    }
    assertThat(tried).isPositive();
  }

  @Test
  void ignoresTheTextAroundThePiece() throws Exception {
    NativeTokenizer whole = new NativeTokenizer(qwen3().text());
    WordTokenizer words = words(whole);
    String around = "left\n\n   a b\n   \nright";
    for (int start = 0; start < around.length(); start++) {
      for (int end = start + 1; end <= around.length(); end++) {
        IdBuffer out = new IdBuffer(16);
        words.encode(around, start, end, out, Integer.MAX_VALUE);
        assertThat(out.from(0)).isEqualTo(whole.encode(around.substring(start, end), false));
      }
    }
  }

  @Test
  void stopsWhenTooMuchIsNewAndCountsKnownWordsForLess() throws Exception {
    WordTokenizer words = words(new NativeTokenizer(qwen3().text()));
    String text =
        Arrays.stream("a quick brown fox jumps over the lazy dog".split(" "))
            .map(word -> word + word + " ")
            .collect(Collectors.joining());
    assertThat(left(words, text, 40)).isNegative();
    assertThat(left(words, text, text.length())).isNotNegative();
    assertThat(left(words, text, 40)).isNotNegative();
  }

  @Test
  void encodesTextOfNewWordsAsOnePiece() throws Exception {
    NativeTokenizer whole = new NativeTokenizer(qwen3().text());
    Random random = new Random(SEED);
    Supplier<String> word = () -> Long.toString(random.nextLong() >>> 1, 36).replaceAll("\\d", "");
    String text = Stream.generate(word).limit(500).collect(Collectors.joining(" "));
    IdBuffer out = new IdBuffer(16);
    words(whole).encode(text, 0, text.length(), out, Integer.MAX_VALUE);
    assertThat(out.from(0)).isEqualTo(whole.encode(text, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\\\b\\\\w+",
        "(?<=a)b|\\\\p{L}+",
        "^\\\\p{L}+",
        "[\\\\p{L}&&[a-z]]+",
        "\\\\p{N}{1,3}+",
        "\\\\p{Han}+",
        "."
      })
  void doesNotSplitWithAnExpressionThatJavaMayReadDifferently(String expression) throws Exception {
    String json = qwen3().text();
    int start = json.indexOf("(?i:");
    int end = json.indexOf("\\\\s+\"", start) + 4;
    assertThat(start).isPositive();
    assertThat(end).isGreaterThan(start);
    TokenizerJson changed =
        TokenizerJson.parse(json.substring(0, start) + expression + json.substring(end));
    assertThat(changed.preTokenizer().toString()).contains(expression);
    assertThat(WordCutter.of(changed)).isNull();
  }

  private static int left(WordTokenizer words, String text, int allowance) {
    return words.encode(text, 0, text.length(), new IdBuffer(16), allowance);
  }

  private static WordTokenizer words(NativeTokenizer tokenizer) throws IOException {
    return new WordTokenizer(tokenizer, Objects.requireNonNull(WordCutter.of(qwen3())));
  }

  private static TokenizerJson qwen3() throws IOException {
    return TokenizerJson.parse(BundledModel.qwen3().tokenizerJson());
  }

  private static String text(Random random, boolean foreign) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(60);
    for (int i = 0; i < length; i++) {
      String from = foreign && random.nextInt(12) == 0 ? FOREIGN : ALPHABET;
      text.append(from.charAt(random.nextInt(from.length())));
    }
    return text.toString();
  }

  private static String escaped(String text) {
    return text.chars().mapToObj("%04x "::formatted).collect(Collectors.joining());
  }
}
