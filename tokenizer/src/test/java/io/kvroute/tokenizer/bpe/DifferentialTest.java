package io.kvroute.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.ParityCorpus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same ids as the Hugging Face library, for every tokenizer of the corpus that the encoder
 * claims and for variants of Qwen3's with the parts of others.
 *
 * <p>{@code -Dkvroute.bpe.seconds=N} makes each loop over texts go on for N seconds for each
 * tokenizer instead of a fraction of one; {@code -Dkvroute.bpe.seed=N} repeats a run.
 */
class DifferentialTest {

  private static final long NANOS = Long.getLong("kvroute.bpe.seconds", 0) * 1_000_000_000;
  private static final long SHORT_NANOS = 700_000_000;
  private static final long SEED = Long.getLong("kvroute.bpe.seed", System.nanoTime());
  private static final String QWEN3 = "qwen3";

  private static final String BYTE_LEVEL =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,"
          + "\"use_regex\":%s}";

  private static final String SPLIT =
      "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"%s\"},\"behavior\":\"%s\",\"invert\":%s}";

  private static final String QWEN3_5 =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|\\p{N}|"
          + " ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private final ParityCorpus corpus = ParityCorpus.open();

  DifferentialTest() {
    System.out.println("to repeat: -Dkvroute.bpe.seed=" + SEED);
  }

  static List<String> byteLevelModels() throws Exception {
    ParityCorpus corpus = ParityCorpus.open();
    List<String> models = new ArrayList<>();
    for (String model : corpus.models()) {
      if (corpus.tokenizerJson(model).contains("\"ByteLevel\"")) {
        models.add(model);
      }
    }
    return models;
  }

  @ParameterizedTest
  @MethodSource("byteLevelModels")
  void givesTheLibrarysIdsAndTexts(String model) throws Exception {
    try (Tokenizers both = Tokenizers.of(model, corpus.tokenizerJson(model))) {
      checkRandomTexts(both);
      checkSources(both);
      checkEveryBlock(both);
      checkDecoding(both);
    }
  }

  /** Code and bundles of the JDK. */
  private static void checkSources(Tokenizers both) throws IOException {
    int some = new Random(SEED).nextInt(40);
    List<String> texts = new ArrayList<>();
    texts.addAll(JdkSources.files(JdkSources::isBundle, 20_000_000, some, 40));
    texts.addAll(JdkSources.files(JdkSources::isCode, 200_000_000, some, 40));
    assertThat(texts).as("sources in the JDK's lib/src.zip").isNotEmpty();
    long chars = 0;
    long end = end();
    for (int i = 0; i < texts.size() && System.nanoTime() < end; i++) {
      both.check(texts.get(i));
      chars += texts.get(i).length();
    }
    report("sources", both, chars);
  }

  private static void checkEveryBlock(Tokenizers both) {
    int step = NANOS > 0 ? 1 : 29;
    StringBuilder text = new StringBuilder();
    for (int c = new Random(SEED).nextInt(step);
        c <= Character.MAX_CODE_POINT;
        c += c < 0x32400 ? step : step * 97) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        text.appendCodePoint(c).append('a').appendCodePoint(c).append(" A").appendCodePoint(c);
        text.appendCodePoint(c).append('1').appendCodePoint(c).append("\n ");
      }
      if (text.length() > 20_000) {
        both.check(text.toString());
        text.setLength(0);
      }
    }
    both.check(text.toString());
  }

  private static void checkDecoding(Tokenizers both) {
    Random random = new Random(SEED);
    for (int i = 0; i < 2_000; i++) {
      int[] ids = random.ints(1 + random.nextInt(12), 0, 210_000).toArray();
      boolean skip = random.nextBoolean();
      assertThat(both.own().decode(ids, skip))
          .as("%s, text %d", both.name(), i)
          .isEqualTo(both.library().decode(ids, skip));
    }
  }

  @Test
  void givesTheLibrarysIdsWithTheExpressionsOfOtherModels() throws Exception {
    String bytes = BYTE_LEVEL.formatted(false);
    String gpt2 = BYTE_LEVEL.formatted(true);
    String qwen35 = SPLIT.formatted(QWEN3_5.replace("\\", "\\\\"), "Isolated", false);
    String inverted = SPLIT.formatted(QWEN3_5.replace("\\", "\\\\"), "Removed", true);
    checkVariant("gpt-2", "{\"pre_tokenizer\":%s}".formatted(gpt2), "{\"ignore_merges\":true}");
    checkVariant(
        "starcoder",
        "{\"normalizer\":null,\"pre_tokenizer\":%s}"
            .formatted(sequence("{\"type\":\"Digits\",\"individual_digits\":true}", gpt2)),
        "{}");
    checkVariant("qwen3.5", "{\"pre_tokenizer\":%s}".formatted(sequence(qwen35, bytes)), "{}");
    checkVariant(
        "inverted",
        "{\"normalizer\":{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"}]},"
            + "\"pre_tokenizer\":%s}".formatted(sequence(inverted, bytes)),
        "{}");
  }

  @Test
  void givesTheLibrarysIdsWithAddedTokensOfEveryKind() throws Exception {
    StringBuilder tokens = new StringBuilder();
    String[] contents = {
      "<a>",
      "<a",
      "<ab>",
      "word",
      "wor",
      "é",
      "e\u0301x",
      "\u212b",
      "ﬁ",
      "do not",
      "1",
      "你好",
      "<|x|>"
    };
    for (int flags = 1; flags < 16; flags += NANOS > 0 ? 1 : 5) {
      tokens.setLength(0);
      for (int i = 0; i < contents.length; i++) {
        int own = i / 3 % 3 == 0 ? flags : i / 3 % 3 == 1 ? 0 : flags ^ 8;
        tokens
            .append(i == 0 ? "" : ",")
            .append(
                "{\"id\":%d,\"content\":\"%s\",\"single_word\":%s,\"lstrip\":%s,\"rstrip\":%s,\"normalized\":%s,\"special\":%s}"
                    .formatted(
                        151_643 + i,
                        contents[i],
                        (own & 1) != 0,
                        (own & 2) != 0,
                        (own & 4) != 0,
                        (own & 8) != 0,
                        i % 2 == 0));
      }
      checkVariant("flags " + flags, "{\"added_tokens\":[%s]}".formatted(tokens), "{}");
    }
  }

  private static String sequence(String first, String second) {
    return "{\"type\":\"Sequence\",\"pretokenizers\":[%s,%s]}".formatted(first, second);
  }

  private void checkVariant(String name, String parts, String modelFields) throws Exception {
    String json = corpus.tokenizerJson(QWEN3, parts, modelFields);
    try (Tokenizers both = Tokenizers.of(name, json)) {
      checkRandomTexts(both);
    }
  }

  private static void checkRandomTexts(Tokenizers both) {
    RandomTexts texts = new RandomTexts(SEED, both.added());
    long chars = 0;
    int count = 0;
    for (long end = end(); System.nanoTime() < end; count++) {
      String text = texts.next(count % 16 == 0 ? 400 : 24);
      both.check(text);
      chars += text.length();
    }
    report("random texts", both, chars);
  }

  private static long end() {
    return System.nanoTime() + (NANOS > 0 ? NANOS : SHORT_NANOS);
  }

  private static void report(String what, Tokenizers both, long chars) {
    System.out.printf(Locale.ROOT, "%s: %s: %,d chars, all the same%n", what, both.name(), chars);
  }
}
