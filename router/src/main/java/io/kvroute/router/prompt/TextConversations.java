package io.kvroute.router.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Conversations that were routed by text, because their model had no tokenizer then or the pool was
 * busy. A conversation that changed from text to tokens would not match its own cached history. It
 * therefore stays with text until it has been idle for half an hour. Thread-safe.
 */
final class TextConversations {

  private static final int LIMIT = 65_536;
  private static final Duration IDLE = Duration.ofMinutes(30);

  private final Cache<Long, Boolean> known =
      Caffeine.newBuilder()
          .maximumSize(LIMIT)
          .expireAfterAccess(IDLE)
          .executor(Runnable::run) // maintenance is shorter than waking another thread
          .build();

  void add(long conversation) {
    if (conversation != 0) {
      known.put(conversation, true);
    }
  }

  boolean contains(long conversation) {
    return known.getIfPresent(conversation) != null;
  }

  boolean isEmpty() {
    return known.estimatedSize() == 0;
  }
}
