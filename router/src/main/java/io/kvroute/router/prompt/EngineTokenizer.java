package io.kvroute.router.prompt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Engines that tell the ids of a prompt themselves, at {@code POST /tokenize}. Thread-safe. */
public interface EngineTokenizer {

  /** Nobody to ask. */
  EngineTokenizer NONE =
      new EngineTokenizer() {
        @Override
        public boolean canAsk(String model) {
          return false;
        }

        @Override
        public CompletableFuture<int[]> ask(String model, byte[] question, long deadlineMillis) {
          return CompletableFuture.failedFuture(new TimeoutException("nobody to ask"));
        }
      };

  /** Whether some replica can be asked about {@code model} now. */
  boolean canAsk(String model);

  /**
   * Asks one of the replicas that serve {@code model}. Never blocks.
   *
   * @param question a body for {@code /tokenize}; not to be changed afterwards
   * @return the ids, on any thread; fails with a bare {@link TimeoutException} where nobody told
   *     them in time
   */
  CompletableFuture<int[]> ask(String model, byte[] question, long deadlineMillis);
}
