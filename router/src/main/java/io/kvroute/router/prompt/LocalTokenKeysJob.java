package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Computes keys from locally computed tokens: small bodies on the event loop, larger ones on the
 * pool. Falls back to {@link TextKeysJob} if the template or the tokenizer rejects the prompt, or
 * if the pool is full. Thread-safe.
 */
final class LocalTokenKeysJob {

  /** Bodies up to this size are rendered on the event loop. */
  static final int INLINE_BODY_BYTES = 24 << 10;

  private final EncodePool pool;
  private final TextKeysJob text;

  LocalTokenKeysJob(EncodePool pool, TextKeysJob text) {
    this.pool = pool;
    this.text = text;
  }

  /** Computes the keys as {@link KeySource#keysOf} does. */
  Runnable keysOf(Prompt prompt, ModelEncoder encoder, Executor loop, Consumer<PromptKeys> done) {
    int bytes = prompt.bodyBytes();
    RenderedPrompt rendered = null;
    if (bytes <= INLINE_BODY_BYTES) {
      try {
        rendered = prompt.render(encoder);
        PromptKeys keys = prompt.encodeIfQuick(encoder, rendered);
        if (keys != null) {
          done.accept(keys);
          return KeySource.NOTHING_TO_CANCEL;
        }
      } catch (PromptException | RuntimeException | StackOverflowError e) {
        return text.keysOf(prompt, prompt.rejectionReason(e), loop, done);
      }
    }
    RenderedPrompt soFar = rendered;
    Runnable cancel =
        pool.submit(bytes, () -> prompt.tokens(encoder, soFar), prompt.unknown(), loop, done);
    return cancel != null ? cancel : text.keysOf(prompt, TextKeysJob.POOL_FULL, loop, done);
  }
}
