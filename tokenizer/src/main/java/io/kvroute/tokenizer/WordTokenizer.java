package io.kvroute.tokenizer;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Caches the ids of single words, so that new text made of known words costs one look-up per word
 * instead of a run of the BPE algorithm. Safe for any number of threads.
 *
 * <p>Layout: a fixed table of 65,536 entries in groups of four. The hash of a word selects a group;
 * a new word takes a free entry of the group or replaces a random one. Entries hold the text and
 * are compared with it. Threads publish entries with release writes and need no lock.
 */
final class WordTokenizer {

  private static final int PLACES = 1 << 16;
  private static final int WAYS = 4;
  private static final int LONGEST_WORD = 48;

  /** A known word costs about an eighth of a word that has to be encoded. */
  private static final int KNOWN_DISCOUNT = 8;

  /** How many words may be new before the share of new words is considered. */
  private static final int NEW_WORDS_FREE = 64;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Word(String text, int[] ids) {}

  private final NativeTokenizer tokenizer;
  private final WordCutter cutter;
  private final AtomicReferenceArray<@Nullable Word> words = new AtomicReferenceArray<>(PLACES);
  private final int seed = ThreadLocalRandom.current().nextInt();

  WordTokenizer(NativeTokenizer tokenizer, WordCutter cutter) {
    this.tokenizer = tokenizer;
    this.cutter = cutter;
  }

  /**
   * Adds the ids of {@code text[start, end)}, taken as a whole text.
   *
   * @param allowance how many UTF-16 units may be encoded; known words use less of it
   * @return the remaining allowance; if it is negative, the allowance did not suffice and the ids
   *     are incomplete
   */
  int encode(String text, int start, int end, IdBuffer out, int allowance) {
    WordCutter.Words cut = cutter.cut(text, start, end);
    int left = allowance;
    int at = start;
    int news = 0;
    int known = 0;
    while (left >= 0 && news <= NEW_WORDS_FREE + known && cut.next()) {
      int length = cut.end() - at;
      int place = place(text, at, cut.end());
      int[] ids = find(place, text, at, length);
      if (ids != null) {
        out.addAll(ids);
        left -= (length + KNOWN_DISCOUNT - 1) / KNOWN_DISCOUNT;
        known++;
      } else {
        left -= length;
        if (left >= 0) {
          out.addAll(learn(text.substring(at, cut.end()), place));
        }
        news++;
      }
      at = cut.end();
    }
    if (at < end && left >= 0) {
      left -= end - at;
      if (left >= 0) {
        out.addAll(tokenizer.encode(text.substring(at, end), false));
      }
    }
    return left;
  }

  private int @Nullable [] find(int place, String text, int start, int length) {
    for (int i = place; i < place + WAYS; i++) {
      Word word = words.getPlain(i);
      if (word != null && word.text.length() == length && text.startsWith(word.text, start)) {
        return word.ids;
      }
    }
    return null;
  }

  private int[] learn(String text, int place) {
    int[] ids = tokenizer.encode(text, false);
    if (text.length() <= LONGEST_WORD && cutter.isOneWord(text)) {
      int at = place + ThreadLocalRandom.current().nextInt(WAYS);
      for (int i = place; i < place + WAYS; i++) {
        if (words.getPlain(i) == null) {
          at = i;
        }
      }
      words.setRelease(at, new Word(text, ids));
    }
    return ids;
  }

  /** The first table entry of the group for a word. */
  private int place(String text, int start, int end) {
    int hash = seed;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    int bits = Integer.numberOfTrailingZeros(PLACES / WAYS);
    return ((hash * 0x9e3779b9) >>> (Integer.SIZE - bits)) * WAYS;
  }
}
