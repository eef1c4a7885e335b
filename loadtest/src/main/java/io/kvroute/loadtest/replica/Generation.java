package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineRequest;
import io.kvroute.loadtest.engine.FinishReason;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One answer that the engine generates for a client: the request and the receiver of its tokens.
 * Tokens are delivered on the executor. Only the engine's loop uses the times recorded here.
 */
final class Generation {

  /** Receives the tokens of one answer, in order. */
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
   * @param executor runs tasks one after another; the connection's event loop
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

  /** Stops the delivery of tokens. Callable from any thread. */
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

  /** Creates the request with the id that the engine uses. */
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

  /** The id in the engine; -1 before the submission. */
  long id() {
    return id;
  }

  /**
   * Records a token. Returns the nanoseconds since the previous token or, first, the submission.
   */
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
