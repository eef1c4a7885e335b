package io.kvroute.tokenizer.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chat templates of a model by name. Most models have one, {@code default}; some have another
 * for requests with tools, {@code tool_use}. Also compiles the templates that requests bring, and
 * caches them. Safe for any number of threads.
 */
public final class ChatTemplates {

  /** The name of the template that is used if no other fits. */
  public static final String DEFAULT = "default";

  private static final String TOOL_USE = "tool_use";
  private static final int REQUEST_TEMPLATES_KEPT = 64;

  private final Map<String, ChatTemplate> byName = new HashMap<>();
  private final Cache<String, ChatTemplate> fromRequests =
      Caffeine.newBuilder().maximumSize(REQUEST_TEMPLATES_KEPT).build();

  /**
   * @param texts the templates by name; empty for a model without any
   */
  public ChatTemplates(Map<String, String> texts) {
    texts.forEach((name, text) -> byName.put(name, ChatTemplate.compile(text)));
  }

  /** Whether the model itself has a template. */
  public boolean isEmpty() {
    return byName.isEmpty();
  }

  /** The template of the model for a request; null if none fits. */
  @Nullable ChatTemplate ofModel(boolean withTools) {
    ChatTemplate forTools = withTools ? byName.get(TOOL_USE) : null;
    return forTools == null ? byName.get(DEFAULT) : forTools;
  }

  /** The template that a request brings, or names if the model has several. */
  ChatTemplate ofRequest(String text) {
    ChatTemplate named = byName.size() > 1 ? byName.get(text) : null;
    return named != null ? named : fromRequests.get(text, ChatTemplate::compile);
  }
}
