package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.TokenSource;
import java.util.Map;

/** Words of one token each: the tokenizer splits an answer's text into the generated ids again. */
public final class AnswerWords {

  private final int[] openers;
  private final int[] followers;
  private final Map<Integer, String> texts;
  private final int endToken;

  /**
   * @param openers tokens of words that can begin an answer
   * @param followers tokens of words with a space before them
   * @param texts text of each of these tokens
   * @param endToken the token that ends an answer; it has no text
   */
  public AnswerWords(int[] openers, int[] followers, Map<Integer, String> texts, int endToken) {
    if (openers.length == 0 || followers.length == 0) {
      throw new IllegalArgumentException(
          "words: %d to begin with, %d to follow (expected: >= 1 of both)"
              .formatted(openers.length, followers.length));
    }
    this.openers = openers.clone();
    this.followers = followers.clone();
    this.texts = Map.copyOf(texts);
    this.endToken = endToken;
  }

  public int endToken() {
    return endToken;
  }

  /** The text of a token; empty for the end token. */
  public String text(int token) {
    return texts.getOrDefault(token, "");
  }

  /**
   * Generates an answer. The same seed gives the same answer.
   *
   * @param tokens length with the end token; {@link Integer#MAX_VALUE} for an endless answer
   */
  public TokenSource answer(long seed, int tokens) {
    return index -> {
      if (index == tokens - 1) {
        return endToken;
      }
      int[] words = index == 0 ? openers : followers;
      return words[(int) Long.remainderUnsigned(mix(seed + index), words.length)];
    };
  }

  /** SplitMix64 (Steele, Lea and Flood 2014): maps consecutive seeds to well spread values. */
  static long mix(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
