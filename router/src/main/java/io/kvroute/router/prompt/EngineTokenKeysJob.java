package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptKeys;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes keys from the token ids that an engine's {@code /tokenize} returns. Falls back to {@link
 * TextKeysJob} if no engine returns them in time. Thread-safe.
 */
final class EngineTokenKeysJob {

  private final EngineTokens engineTokens;
  private final EncodePool pool;
  private final TextKeysJob text;
  private final PromptObserver observer;

  EngineTokenKeysJob(
      EngineTokens engineTokens, EncodePool pool, TextKeysJob text, PromptObserver observer) {
    this.engineTokens = engineTokens;
    this.pool = pool;
    this.text = text;
    this.observer = observer;
  }

  /**
   * Computes the keys as {@link KeySource#keysOf} does.
   *
   * @param why why the tokens cannot be computed locally
   */
  Runnable keysOf(Prompt prompt, String why, Executor loop, Consumer<PromptKeys> done) {
    Wait wait = new Wait(prompt, why, loop, done);
    wait.begin();
    return wait;
  }

  /** One request that waits for an engine's tokens. Confined to the request's event loop. */
  private final class Wait implements Runnable {
    private final Prompt prompt;
    private final String why;
    private final Executor loop;
    private final Consumer<PromptKeys> done;
    private final long startNanos = System.nanoTime();
    private Runnable cancel = KeySource.NOTHING_TO_CANCEL;

    Wait(Prompt prompt, String why, Executor loop, Consumer<PromptKeys> done) {
      this.prompt = prompt;
      this.why = why;
      this.loop = loop;
      this.done = done;
    }

    void begin() {
      if (!engineTokens.canAsk(prompt.model())) {
        fallBackToText(why);
      } else if (prompt.bodyBytes() <= TextKeysJob.INLINE_TEXT_BYTES) {
        ask(prompt.tokenizeBody());
      } else {
        Runnable job =
            pool.<byte @Nullable []>submit(
                prompt.bodyBytes(), prompt::tokenizeBody, null, loop, this::ask);
        if (job == null) {
          fallBackToText(TextKeysJob.POOL_FULL);
        } else {
          cancel = job;
        }
      }
    }

    private void ask(byte @Nullable [] tokenizeBody) {
      if (tokenizeBody == null) {
        fallBackToText(because("/tokenize does not accept this kind of request"));
        return;
      }
      CompletableFuture<int[]> ids = engineTokens.ids(prompt.model(), tokenizeBody);
      if (ids.isDone()) {
        answered(ids);
      } else {
        CompletableFuture<int[]> answered =
            ids.whenCompleteAsync((known, failure) -> answered(ids), loop);
        cancel = () -> answered.cancel(false);
      }
    }

    private void answered(CompletableFuture<int[]> ids) {
      observer.completed(PromptObserver.Stage.TOKENIZE, System.nanoTime() - startNanos);
      if (ids.state() == Future.State.SUCCESS) {
        done.accept(prompt.engineTokens(ids.resultNow(), why));
      } else {
        fallBackToText(because(failure(ids)));
      }
    }

    /** Says why the tokens come neither from here nor from an engine. */
    private String because(String engineProblem) {
      return why.isEmpty() ? engineProblem : why + "; " + engineProblem;
    }

    private static String failure(CompletableFuture<int[]> ids) {
      String cause =
          ids.state() == Future.State.FAILED
              ? String.valueOf(ids.exceptionNow().getMessage())
              : "cancelled";
      return "no engine's /tokenize returned the tokens (" + cause + ")";
    }

    private void fallBackToText(String reason) {
      cancel = text.keysOf(prompt, reason, loop, done);
    }

    /** Cancels: the client has left. */
    @Override
    public void run() {
      cancel.run();
    }
  }
}
