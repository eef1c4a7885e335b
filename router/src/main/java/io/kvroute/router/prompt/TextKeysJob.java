package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptKeys;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Computes keys from a request's text: small bodies on the event loop, larger ones on the pool.
 * Falls back to load, an estimated length without keys, if the pool is full. Thread-safe.
 */
final class TextKeysJob {

  /** Bodies up to this size are turned into text blocks on the event loop. */
  static final int INLINE_TEXT_BYTES = 128 << 10;

  static final String POOL_FULL = "the queue of the tokenizing threads is full";

  private final EncodePool pool;

  TextKeysJob(EncodePool pool) {
    this.pool = pool;
  }

  /**
   * Computes the keys as {@link KeySource#keysOf} does.
   *
   * @param why why no tokens are used
   */
  Runnable keysOf(Prompt prompt, String why, Executor loop, Consumer<PromptKeys> done) {
    int bytes = prompt.bodyBytes();
    if (bytes <= INLINE_TEXT_BYTES) {
      done.accept(prompt.text(why));
      return KeySource.NOTHING_TO_CANCEL;
    }
    Runnable cancel = pool.submit(bytes, () -> prompt.text(why), prompt.unknown(), loop, done);
    if (cancel == null) {
      done.accept(prompt.load(POOL_FULL));
      return KeySource.NOTHING_TO_CANCEL;
    }
    return cancel;
  }
}
