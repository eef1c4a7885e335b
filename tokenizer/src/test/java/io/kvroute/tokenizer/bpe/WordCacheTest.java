package io.kvroute.tokenizer.bpe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class WordCacheTest {

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Word(byte[] bytes, int length, long hash, int[] ids) {
    /** A word whose ids follow from it, so that ids of another word show. */
    static Word of(int number) {
      int length = 1 + number % WordCache.MAX_BYTES;
      byte[] text = (number + "-").repeat(WordCache.MAX_BYTES).getBytes(UTF_8);
      byte[] bytes = Arrays.copyOf(text, length + WordHash.PADDING);
      int textHash = Arrays.hashCode(Arrays.copyOf(bytes, length));
      int[] ids = new int[1 + Math.floorMod(textHash, WordCache.MAX_IDS)];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = textHash * 31 + i;
      }
      return new Word(bytes, length, WordHash.of(bytes, 0, length), ids);
    }
  }

  private static void put(WordCache cache, Word word) {
    cache.put(word.bytes(), 0, word.length(), word.hash(), word.ids(), 0, word.ids().length);
  }

  private static int[] find(WordCache cache, Word word) {
    IdBuffer out = new IdBuffer(8);
    return cache.find(word.bytes(), 0, word.length(), word.hash(), out) ? out.from(0) : new int[0];
  }

  @Test
  void remembersAWordUntilOthersTakeItsPlace() {
    WordCache cache = new WordCache(4);
    Word word = Word.of(1234567);
    assertThat(find(cache, word)).isEmpty();
    put(cache, word);
    assertThat(find(cache, word)).isEqualTo(word.ids());
    for (int i = 0; i < 1000; i++) {
      put(cache, Word.of(i));
    }
    assertThat(find(cache, word)).isEmpty();
  }

  @Test
  void leavesOutWordsThatAreTooLong() {
    WordCache cache = new WordCache(4);
    byte[] bytes = new byte[WordCache.MAX_BYTES + 1 + WordHash.PADDING];
    long hash = WordHash.of(bytes, 0, WordCache.MAX_BYTES + 1);
    cache.put(bytes, 0, WordCache.MAX_BYTES + 1, hash, new int[] {1}, 0, 1);
    IdBuffer out = new IdBuffer(1);
    assertThat(cache.find(bytes, 0, WordCache.MAX_BYTES + 1, hash, out)).isFalse();
    long zeros = WordHash.of(bytes, 0, 8);
    cache.put(bytes, 0, 8, zeros, new int[7], 0, 7);
    assertThat(cache.find(bytes, 0, 8, zeros, out)).isFalse();
    assertThat(out.count()).isZero();
  }

  @Test
  void neverGivesTheIdsOfAnotherWordWhileThreadsOverwriteEachOther() throws Exception {
    WordCache cache = new WordCache(3);
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      words.add(Word.of(i * 7919));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(thread);
        tasks.add(
            () -> {
              int hits = 0;
              for (int i = 0; i < 300_000; i++) {
                Word word = words.get(random.nextInt(words.size()));
                int[] ids = find(cache, word);
                if (ids.length == 0) {
                  put(cache, word);
                } else {
                  hits++;
                  assertThat(ids).isEqualTo(word.ids());
                }
              }
              return hits;
            });
      }
      for (Future<Integer> hits : threads.invokeAll(tasks)) {
        assertThat(hits.get()).isPositive();
      }
    }
  }
}
