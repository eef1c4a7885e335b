package io.kvroute.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.ParityCorpus;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A word may be as long as a text: it costs little more a byte than a short one. */
class LongWordTest {

  private static final int MEGABYTE = 1 << 20;
  private static final long SEED = 20261128;

  private Tokenizers qwen3;

  @BeforeEach
  void read() throws Exception {
    qwen3 = Tokenizers.of("qwen3", ParityCorpus.open().tokenizerJson("qwen3"));
  }

  @Test
  void givesTheLibrarysIdsForAMegabyteWithoutASpace() {
    for (String text :
        new String[] {letters(MEGABYTE), "a".repeat(MEGABYTE), "好".repeat(100_000)}) {
      assertThat(qwen3.ids(text)).isEqualTo(qwen3.library().encode(text));
    }
  }

  @Test
  void takesTimeInProportionToTheLengthOfAWord() {
    double shorter = nanosPerChar(letters(MEGABYTE / 16));
    double longer = nanosPerChar(letters(MEGABYTE));
    System.out.printf("one word: %.0f ns a char of 64 Ki, %.0f of 1 Mi%n", shorter, longer);
    assertThat(longer).isLessThan(6 * shorter);
  }

  private double nanosPerChar(String text) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < 6; round++) {
      long start = System.nanoTime();
      qwen3.ids(text);
      best = Math.min(best, System.nanoTime() - start);
    }
    return (double) best / text.length();
  }

  private static String letters(int length) {
    return new Random(SEED)
        .ints(length, 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
