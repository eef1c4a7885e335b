package io.kvroute.router.prompt;

import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.openai.ApiRequest;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Makes the keys of a request's prompt. Never fails: what cannot be known falls down the ladder.
 */
public interface KeySource {

  /**
   * Calls {@code done} once, on the calling thread before returning where the work is surely small,
   * else later on {@code loop}.
   *
   * @return cancels the work; after it {@code done} is not called
   */
  Runnable keysOf(ApiRequest request, Executor loop, Consumer<PromptKeys> done);
}
