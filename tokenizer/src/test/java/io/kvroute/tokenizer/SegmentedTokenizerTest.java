package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.bpe.AddedToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Ids assembled from cached pieces equal those of the whole text, for every tokenizer of the corpus
 * and for texts designed to break it: added tokens next to each other and incomplete, white space
 * around them, combining marks after them, line ends of all kinds.
 */
class SegmentedTokenizerTest {

  private static final long SEED = 20260115;
  private static final int TEXTS = 400;
  private static final long CACHE_BYTES = 1 << 20;

  private static final String[] FRAGMENTS = {
    " ",
    "  ",
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    "\t",
    "\u00a0",
    "\u0085",
    "\u3000",
    "\u200b",
    "\u2028",
    "\u0301",
    "e\u0301",
    "\u00e9",
    "\u1100\u1161\u11a8",
    "o\u0308\u0304",
    "A",
    "a",
    "Hello",
    " world",
    "don't",
    "12345",
    "3.14",
    "▁",
    "▁▁",
    " ▁",
    "你好",
    "今日は",
    "🚀",
    "👩‍👩‍👧",
    "<",
    "<|",
    "|>",
    "<|im",
    "</",
    "<s",
    "s>",
    "[INST",
    "<0x0A>",
    "{\"a\": 1}",
    "naïve",
    "\ufeff",
    "\u0000",
    "ﬀ",
    "Ω",
    "def f(x):\n    return x\n",
    "...",
    "!?",
    "<unk>",
    "<think>",
    "'S",
    "'\u017f",
    "\u2019s",
    "ABCDE",
    "iPhone",
    "\u00c9COLE",
    "\u00aa",
    "\u2014",
    "\u2026",
    " \u3000\n"
  };

  private final ParityCorpus corpus = ParityCorpus.open();

  @Test
  void returnsTheIdsOfTheWholeTextForEveryTokenizer() throws Exception {
    for (String model : corpus.models()) {
      TokenizerJson json = corpus.effective(model);
      LibraryTokenizer whole = new LibraryTokenizer(json.text());
      Tokenizer pieces = new Tokenizer(json, CACHE_BYTES);
      assertThat(pieces.remembersPieces()).as(model).isTrue();
      Random random = new Random(SEED);
      String[] added = addedTokens(json, random);
      for (int i = 0; i < TEXTS; i++) {
        String text = text(random, added);
        boolean addSpecialTokens = random.nextBoolean();
        assertThat(pieces.encode(text, addSpecialTokens))
            .as("%s, seed %d, text %d: %s", model, SEED, i, text)
            .isEqualTo(whole.encode(text, addSpecialTokens));
      }
    }
  }

  @Test
  void returnsTheIdsOfATextThatFollowsAToken() throws Exception {
    for (String model : corpus.models()) {
      TokenizerJson json = corpus.effective(model);
      LibraryTokenizer whole = new LibraryTokenizer(json.text());
      Tokenizer pieces = new Tokenizer(json, CACHE_BYTES);
      String token =
          json.addedTokens().stream()
              .filter(added -> added.special() && !added.leftStrip() && !added.rightStrip())
              .map(AddedToken::content)
              .findFirst()
              .orElseThrow();
      int before = whole.encode(token, false).length;
      Random random = new Random(SEED);
      for (int i = 0; i < TEXTS; i++) {
        String text = text(random, new String[] {"The", " answer", " is", " 42", ".\n"});
        int[] behind = whole.encode(token + text, false);
        assertThat(pieces.encodeInside(text))
            .as("%s, seed %d, text %d: %s", model, SEED, i, text)
            .isEqualTo(Arrays.copyOfRange(behind, before, behind.length));
      }
    }
  }

  @Test
  void givesNoIdsForAnAnswerThatIsNoUnicode() throws Exception {
    Tokenizer tokenizer = new Tokenizer(corpus.effective("qwen3"), CACHE_BYTES);
    assertThat(tokenizer.encodeInside("good")).isNotNull();
    for (String text : List.of("a\ud83d", "\ude80b", "\ude80\ud83d", "a\ufffdb")) {
      assertThat(tokenizer.encodeInside(text)).isNull();
    }
  }

  @Test
  void givesTheSameIdsOnManyThreadsWithACacheTooSmall() throws Exception {
    TokenizerJson json = corpus.effective("qwen3");
    LibraryTokenizer whole = new LibraryTokenizer(json.text());
    Tokenizer pieces = new Tokenizer(json, 4_000);
    Random random = new Random(SEED);
    String[] added = addedTokens(json, random);
    List<String> texts = new ArrayList<>();
    List<int[]> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      texts.add(text(random, added));
      expected.add(whole.encode(texts.getLast(), false));
    }
    Callable<Void> task =
        () -> {
          for (int round = 0; round < 5; round++) {
            for (int i = 0; i < texts.size(); i++) {
              assertThat(pieces.encode(texts.get(i), false)).isEqualTo(expected.get(i));
            }
          }
          return null;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Void> done : threads.invokeAll(List.of(task, task, task, task))) {
        done.get();
      }
    }
  }

  @Test
  void refusesToCutWhereATokenCountsOnlyAsAWholeWord() throws Exception {
    TokenizerJson json = corpus.effective("qwen3");
    TokenizerJson wholeWords =
        TokenizerJson.parse(
            json.text()
                .replace("\"single_word\": false", "\"single_word\": true")
                .replace("\"single_word\":false", "\"single_word\":true"));
    assertThat(new Tokenizer(wholeWords, CACHE_BYTES).remembersPieces()).isFalse();
  }

  @Test
  void tellsWhenTooMuchOfATextIsNew() throws Exception {
    Tokenizer tokenizer = new Tokenizer(corpus.effective("qwen3"), CACHE_BYTES);
    String known = "<|im_start|>user\n" + "word ".repeat(100) + "<|im_end|>\n";
    assertThat(tokenizer.encodeIfMostlyKnown(known, false, 50)).isNull();
    int[] ids = tokenizer.encode(known, false);
    EncodedPrompt again = tokenizer.encodeIfMostlyKnown(known + "<|im_start|>new", false, 50);
    assertThat(Objects.requireNonNull(again).ids()).startsWith(ids).hasSize(ids.length + 2);
  }

  private static String[] addedTokens(TokenizerJson json, Random random) {
    List<AddedToken> tokens = json.addedTokens();
    String[] chosen = new String[12];
    for (int i = 0; i < chosen.length; i++) {
      int index = i < 4 ? Math.min(i, tokens.size() - 1) : random.nextInt(tokens.size());
      chosen[i] = tokens.get(index).content();
    }
    return chosen;
  }

  private static String text(Random random, String[] added) {
    StringBuilder text = new StringBuilder();
    int fragments = 1 + random.nextInt(40);
    for (int i = 0; i < fragments; i++) {
      if (random.nextInt(4) == 0) {
        String token = added[random.nextInt(added.length)];
        text.append(token, random.nextInt(8) == 0 ? 1 : 0, token.length());
      } else {
        text.append(FRAGMENTS[random.nextInt(FRAGMENTS.length)]);
      }
    }
    return text.toString();
  }
}
