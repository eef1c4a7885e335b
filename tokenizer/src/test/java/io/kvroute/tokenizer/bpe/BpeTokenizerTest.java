package io.kvroute.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.kvroute.tokenizer.ParityCorpus;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BpeTokenizerTest {

  private static final long SEED = 20261128;

  private final ParityCorpus corpus = ParityCorpus.open();

  @Test
  void givesTheSameIdsOnManyThreads() throws Exception {
    try (Tokenizers both = Tokenizers.of("qwen3", corpus.tokenizerJson("qwen3"));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Void> task =
          () -> {
            RandomTexts texts = new RandomTexts(SEED, both.added());
            for (int i = 0; i < 300; i++) {
              both.check(texts.next(24));
            }
            return null;
          };
      for (Future<Void> done : threads.invokeAll(List.of(task, task, task, task))) {
        done.get();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"normalizer\":{\"type\":\"NFKC\"}} | {} | normalizer",
        "{\"pre_tokenizer\":{\"type\":\"Whitespace\"}} | {} | pre_tokenizer",
        "{\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true}} | {} | pre_tokenizer",
        "{\"decoder\":null} | {} | decoder",
        "{} | {\"dropout\":0.1} | plain",
        "{} | {\"byte_fallback\":true} | plain",
        "{} | {\"end_of_word_suffix\":\"x\"} | plain",
        "{} | {\"merges\":[]} | ",
      })
  void leavesToTheLibraryWhatItDoesNotKnow(String parts, String modelFields, String reason)
      throws Exception {
    String json = corpus.tokenizerJson("qwen3", parts, modelFields);
    if (reason == null) {
      Tokenizers.of("without merges", json).check("Hello world");
      return;
    }
    assertThatExceptionOfType(UnsupportedTokenizerException.class)
        .isThrownBy(() -> Tokenizers.of("changed", json))
        .withMessageContaining(reason);
  }

  @Test
  void leavesAnExpressionToTheLibraryThatItDoesNotKnow() throws Exception {
    String json = corpus.tokenizerJson("qwen3").replace("\\\\p{N}|", "\\\\p{N}{1,4}|");
    assertThatExceptionOfType(UnsupportedTokenizerException.class)
        .isThrownBy(() -> Tokenizers.of("changed", json))
        .withMessageContaining("{1,4}");
  }
}
