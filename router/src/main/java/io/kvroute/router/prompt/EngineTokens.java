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
 * Caches the token ids that engines returned, by request. A cache key is a 128-bit hash of the
 * request whose seed is as secret as the key space, so that nobody can craft two requests with one
 * key. Thread-safe.
 */
final class EngineTokens {

  /** The base deadline; an engine that needs longer for every request is not worth asking. */
  static final long DEADLINE_MILLIS = 100;

  /**
   * Longer prompts get more time, because engines need it and a match saves more: 4 KiB are about
   * 50 ms of prefill.
   */
  static final int BYTES_PER_EXTRA_MILLI = 4 << 10;

  private static final long CACHE_BYTES = 64L << 20;
  private static final int ENTRY_BYTES = 160;

  /** Not longer, because Harmony templates write the current date into prompts. */
  private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);

  private final EngineTokenizer engines;
  private final KeySpace keySpace;
  private final AsyncCache<HashValue128, int[]> idsByRequest =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES)
          .weigher((HashValue128 key, int[] ids) -> ENTRY_BYTES + ids.length * Integer.BYTES)
          .expireAfterWrite(TIME_TO_LIVE)
          .buildAsync();

  EngineTokens(EngineTokenizer engines, KeySpace keySpace) {
    this.engines = engines;
    this.keySpace = keySpace;
  }

  boolean canAsk(String model) {
    return engines.canAsk(model);
  }

  /**
   * The ids of a prompt. Concurrent equal requests share one call.
   *
   * @param tokenizeBody a body for {@code /tokenize}
   * @return the ids, on any thread; fails if no engine answered in time
   */
  CompletableFuture<int[]> ids(String model, byte[] tokenizeBody) {
    HashValue128 key =
        Hashing.xxh3_128(keySpace.tokenRoot(model, null)).hashBytesTo128Bits(tokenizeBody);
    CompletableFuture<int[]> known = idsByRequest.getIfPresent(key);
    if (known != null) {
      return known;
    }
    if (!engines.canAsk(model)) {
      return CompletableFuture.failedFuture(new TimeoutException("no engine to ask"));
    }
    long deadlineMillis = DEADLINE_MILLIS + tokenizeBody.length / BYTES_PER_EXTRA_MILLI;
    return idsByRequest.get(
        key, (of, executor) -> engines.ask(model, tokenizeBody, deadlineMillis));
  }
}
