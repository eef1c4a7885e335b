package io.kvroute.tokenizer.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.ParityCorpus;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The same ids as the Hugging Face library, for every tokenizer of the corpus that the encoder
 * claims. {@code -Dkvroute.bpe.seconds=N} makes the random texts go on for N seconds for each
 * tokenizer, {@code -Dkvroute.bpe.seed=N} repeats a run.
 */
class DifferentialTest {

  private static final long SECONDS = Long.getLong("kvroute.bpe.seconds", 1);
  private static final long SEED = Long.getLong("kvroute.bpe.seed", System.nanoTime());

  private final ParityCorpus corpus = ParityCorpus.open();

  private record Both(BpeTokenizer own, HuggingFace library, List<String> added) {}

  /** The claimed tokenizers by name. */
  private Map<String, Both> claimed() throws IOException {
    Map<String, Both> claimed = new LinkedHashMap<>();
    for (String model : corpus.models()) {
      String json = corpus.tokenizerJson(model);
      JsonNode head = new JsonMapper().readTree(json);
      HuggingFace library = new HuggingFace(json);
      List<String> added =
          StreamSupport.stream(head.path("added_tokens").spliterator(), false)
              .map(token -> token.path("content").asString(""))
              .toList();
      try {
        claimed.put(model, new Both(BpeTokenizer.of(json, head, library::encode), library, added));
      } catch (UnsupportedTokenizerException e) {
        library.close();
      }
    }
    return claimed;
  }

  @Test
  void givesTheLibrarysIdsForRandomTexts() throws Exception {
    System.out.println("random texts: -Dkvroute.bpe.seed=" + SEED);
    for (Map.Entry<String, Both> entry : claimed().entrySet()) {
      Both both = entry.getValue();
      RandomTexts texts = new RandomTexts(SEED, both.added());
      long end = System.nanoTime() + SECONDS * 1_000_000_000;
      long chars = 0;
      int count = 0;
      while (System.nanoTime() < end) {
        String text = texts.next(count % 16 == 0 ? 400 : 24);
        check(entry.getKey(), both, text);
        chars += text.length();
        count++;
      }
      System.out.printf(
          Locale.ROOT, "random texts: %s: %d texts, %d chars%n", entry.getKey(), count, chars);
      both.library().close();
    }
  }

  private static void check(String model, Both both, String text) {
    IdBuffer ids = new IdBuffer(text.length() / 2);
    both.own().encode(text, ids);
    int[] expected = both.library().encode(text);
    if (!Arrays.equals(ids.raw(), 0, ids.count(), expected, 0, expected.length)) {
      String small = Shrink.text(text, shorter -> !same(both, shorter));
      IdBuffer own = new IdBuffer(16);
      both.own().encode(small, own);
      assertThat(own.from(0))
          .as("%s: %s", model, escaped(small))
          .isEqualTo(both.library().encode(small));
    }
  }

  private static boolean same(Both both, String text) {
    IdBuffer ids = new IdBuffer(text.length() / 2);
    both.own().encode(text, ids);
    return Arrays.equals(ids.from(0), both.library().encode(text));
  }

  private static String escaped(String text) {
    return text.codePoints()
        .mapToObj(c -> c > ' ' && c < 0x7f ? Character.toString(c) : "{%x}".formatted(c))
        .collect(Collectors.joining());
  }
}
