package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiRequest;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Computes the block keys of a request's prompt. Never fails: if exact tokens are not available, it
 * falls back to a less exact {@link PromptMode}.
 */
public interface KeySource {

  /** Returned where no work is left to cancel. */
  Runnable NOTHING_TO_CANCEL = () -> {};

  /** For policies that do not read prompts: an estimated length, at no cost. */
  KeySource LENGTH_ONLY =
      (request, loop, done) -> {
        done.accept(PromptKeys.unknown(TextPrompt.estimate(request)));
        return NOTHING_TO_CANCEL;
      };

  /**
   * Calls {@code done} exactly once: before returning, on the calling thread, if the work is
   * certainly small; otherwise later, on {@code loop}.
   *
   * @return cancels the work; {@code done} is not called afterwards
   */
  Runnable keysOf(ApiRequest request, Executor loop, Consumer<PromptKeys> done);

  /**
   * Reports the number of prompt tokens that the engine counted, so that it can be compared.
   *
   * @param keys the result of {@link #keysOf} for {@code request}
   * @param promptTokens counted by the engine, -1 if it did not report it
   */
  default void promptTokensReported(ApiRequest request, PromptKeys keys, int promptTokens) {}

  /**
   * Computes the token ids of a generated text. Never calls {@code done} if they cannot be known or
   * the pool is busy.
   *
   * @param minTokens the fewest tokens the text may have, by the engine's report
   * @param maxTokens the most
   */
  default void generatedIds(
      ApiRequest request,
      String text,
      int minTokens,
      int maxTokens,
      Executor loop,
      Consumer<int[]> done) {}
}
