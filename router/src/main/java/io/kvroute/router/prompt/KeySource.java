package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiRequest;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Makes the keys of a request's prompt. Never fails: what cannot be known falls down the ladder.
 */
public interface KeySource {

  /** For policies that don't read prompts: their length, guessed, and no work. */
  KeySource LENGTH_ONLY =
      (request, loop, done) -> {
        done.accept(PromptKeys.unknown(TextPrompt.estimate(request)));
        return () -> {};
      };

  /**
   * Calls {@code done} once, on the calling thread before returning where the work is surely small,
   * else later on {@code loop}.
   *
   * @return cancels the work; after it {@code done} is not called
   */
  Runnable keysOf(ApiRequest request, Executor loop, Consumer<PromptKeys> done);

  /**
   * An engine has told how many tokens a prompt had, so that what is counted here can be compared.
   *
   * @param keys what {@link #keysOf} made of {@code request}
   * @param promptTokens as the engine counted, -1 where it did not say
   */
  default void answered(ApiRequest request, PromptKeys keys, int promptTokens) {}

  /**
   * Tells the ids of an answer from its text, where that can be known and there is time for it;
   * else never calls {@code done}.
   *
   * @param leastTokens the fewest the text may have, by what the engine told of its length
   * @param mostTokens the most
   */
  default void answerIds(
      ApiRequest request,
      String text,
      int leastTokens,
      int mostTokens,
      Executor loop,
      Consumer<int[]> done) {}
}
