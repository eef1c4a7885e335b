package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.TokenSource;
import java.util.Map;

/**
 * Tokens that answers are made of: words, each of them one token, that the tokenizer finds again in
 * the answer's text, so that the next turn's prompt has the ids the engine generated.
 */
public final class AnswerWords {

  private final int[] openers;
  private final int[] followers;
  private final Map<Integer, String> texts;
  private final int endToken;

  /**
   * @param openers words that can begin an answer
   * @param followers words with a space before them
   * @param texts what each of these says
   * @param endToken ends an answer, and says nothing
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

  /** What a token of an answer says; nothing for the end token. */
  public String text(int token) {
    return texts.getOrDefault(token, "");
  }

  /**
   * An answer: the same seed says the same.
   *
   * @param tokens its length, the end token included; {@link Integer#MAX_VALUE} for one without end
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

  /** SplitMix64 (Steele, Lea and Flood 2014): well spread values from consecutive seeds. */
  static long mix(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
