package io.kvroute.router.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;

/**
 * Conversations that are routed by text although their model has a tokenizer by now, or had no time
 * for them once. A conversation that changed modes would lose what the router knows of it, so it
 * stays, until it has been quiet for a while. Thread-safe.
 */
final class TextConversations {

  private static final int LIMIT = 65_536;
  private static final Duration QUIET = Duration.ofMinutes(30);

  private final Cache<Long, Boolean> known =
      Caffeine.newBuilder()
          .maximumSize(LIMIT)
          .expireAfterAccess(QUIET)
          .executor(Runnable::run) // its upkeep is shorter than waking another thread
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
