package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.FinishReason;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One of a request's answers: the part that is generated so far. */
final class AnswerChoice {

  final int index;
  final int[] prompt;
  private final StringBuilder text = new StringBuilder();
  private int[] tokens = new int[64];
  private int count;
  private int cachedTokens;
  private @Nullable FinishReason finish;

  AnswerChoice(int index, int[] prompt) {
    this.index = index;
    this.prompt = prompt;
  }

  void add(int token, String words, int cached, @Nullable FinishReason reason) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, count * 2);
    }
    tokens[count++] = token;
    text.append(words);
    cachedTokens = cached;
    finish = reason;
  }

  String text() {
    return text.toString();
  }

  int[] tokens() {
    return Arrays.copyOf(tokens, count);
  }

  int count() {
    return count;
  }

  int cachedTokens() {
    return cachedTokens;
  }

  @Nullable FinishReason finish() {
    return finish;
  }
}
