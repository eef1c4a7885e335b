package io.kvroute.router.prompt;

import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.kvroute.router.keys.KeySpace;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/**
 * The ids that engines answered, kept by what was asked. Questions are known by 128 bits of a hash
 * whose seed is as secret as the key space, so that nobody can craft two that are taken for one.
 * Thread-safe.
 */
final class EngineTokens {

  /** How long a request waits; an engine that does this for every request is not worth asking. */
  static final long DEADLINE_MILLIS = 100;

  /** A long prompt takes an engine longer, and is worth more: 4 KiB are some 50 ms of prefill. */
  static final int BYTES_PER_MORE_MILLI = 4 << 10;

  private static final long CACHE_BYTES = 64L << 20;
  private static final int ENTRY_BYTES = 160;

  /** Harmony writes the current date into its prompts. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final EngineTokenizer engines;
  private final KeySpace keySpace;
  private final AsyncCache<HashValue128, int[]> answers =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES)
          .weigher((HashValue128 key, int[] ids) -> ENTRY_BYTES + ids.length * Integer.BYTES)
          .expireAfterWrite(KEPT)
          .buildAsync();

  EngineTokens(EngineTokenizer engines, KeySpace keySpace) {
    this.engines = engines;
    this.keySpace = keySpace;
  }

  boolean canAsk(String model) {
    return engines.canAsk(model);
  }

  /**
   * The ids of a prompt. Equal questions asked at once become one.
   *
   * @param question a body for {@code /tokenize}
   * @return the ids, on any thread; fails where nobody told them in time
   */
  CompletableFuture<int[]> ids(String model, byte[] question) {
    HashValue128 key =
        Hashing.xxh3_128(keySpace.tokenRoot(model, null)).hashBytesTo128Bits(question);
    CompletableFuture<int[]> known = answers.getIfPresent(key);
    if (known != null) {
      return known;
    }
    if (!engines.canAsk(model)) {
      return CompletableFuture.failedFuture(new TimeoutException("nobody to ask"));
    }
    long deadlineMillis = DEADLINE_MILLIS + question.length / BYTES_PER_MORE_MILLI;
    return answers.get(key, (of, executor) -> engines.ask(model, question, deadlineMillis));
  }
}
