package io.kvroute.router.prompt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Engines that tokenize prompts themselves, at {@code POST /tokenize}. Thread-safe. */
public interface EngineTokenizer {

  /** No engine. */
  EngineTokenizer NONE =
      new EngineTokenizer() {
        @Override
        public boolean canAsk(String model) {
          return false;
        }

        @Override
        public CompletableFuture<int[]> ask(
            String model, byte[] tokenizeBody, long deadlineMillis) {
          return CompletableFuture.failedFuture(new TimeoutException("no engine to ask"));
        }
      };

  /** Whether a replica of {@code model} can be asked now. */
  boolean canAsk(String model);

  /**
   * Asks one of the replicas that serve {@code model}. Never blocks.
   *
   * @param tokenizeBody a body for {@code /tokenize}; must not be changed afterwards
   * @return the ids, on any thread; fails with a {@link TimeoutException} without a cause if no
   *     replica answered in time
   */
  CompletableFuture<int[]> ask(String model, byte[] tokenizeBody, long deadlineMillis);
}
