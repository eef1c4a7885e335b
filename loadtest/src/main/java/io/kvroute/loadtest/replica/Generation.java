package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One answer being generated for a client: a request to the engine and where its tokens go. Tokens
 * are delivered on the executor; what the engine's loop notes here it alone reads.
 */
final class Generation {

  /** Gets the tokens of one answer, in order. */
  @FunctionalInterface
  interface Listener {
    void onToken(int token, int cachedTokens, @Nullable FinishReason finish);
  }

  private final EngineRequest template;
  private final Executor executor;
  private final Listener listener;
  private volatile boolean cancelled;
  private long id = -1;
  private long submittedNanos;
  private long firstTokenNanos;
  private long lastTokenNanos;
  private int answerTokens;

  /**
   * @param template the request, whose id the engine's loop replaces
   * @param executor serial; the connection's event loop
   */
  Generation(EngineRequest template, Executor executor, Listener listener) {
    this.template = template;
    this.executor = executor;
    this.listener = listener;
  }

  Executor executor() {
    return executor;
  }

  int promptTokens() {
    return template.prompt().length;
  }

  /** No token is delivered any more; from any thread. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  void deliver(int token, int cachedTokens, @Nullable FinishReason finish) {
    if (!cancelled) {
      listener.onToken(token, cachedTokens, finish);
    }
  }

  /** The request under the id that the engine knows it by. */
  EngineRequest submitted(long newId, long nowNanos) {
    id = newId;
    submittedNanos = nowNanos;
    return new EngineRequest(
        newId,
        template.prompt(),
        template.maxTokens(),
        template.answer(),
        template.endToken(),
        template.cacheSalt());
  }

  /** -1 before the engine has got it. */
  long id() {
    return id;
  }

  /** Notes a token; nanoseconds since the token before it, or since the submission. */
  long sampled(long atNanos) {
    long since = atNanos - (answerTokens == 0 ? submittedNanos : lastTokenNanos);
    if (answerTokens++ == 0) {
      firstTokenNanos = atNanos;
    }
    lastTokenNanos = atNanos;
    return since;
  }

  int answerTokens() {
    return answerTokens;
  }

  long nanosSinceSubmission() {
    return lastTokenNanos - submittedNanos;
  }

  long nanosSinceFirstToken() {
    return lastTokenNanos - firstTokenNanos;
  }
}
