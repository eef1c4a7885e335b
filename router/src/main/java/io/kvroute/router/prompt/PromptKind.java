package io.kvroute.router.prompt;

import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Trait;

/**
 * Kinds of requests whose prompts are rendered in different ways, so that each kind's errors are
 * tracked apart.
 */
public enum PromptKind {
  PLAIN("plain"),
  TOOLS("tools"),
  THINKING("thinking"),
  COMPLETION("completion"),
  RESPONSES("responses"),
  MESSAGES("messages"),
  /** Requests without a prompt that could be matched. */
  OTHER("other");

  private final String label;

  PromptKind(String label) {
    this.label = label;
  }

  /** The name used in metrics and JSON. */
  public String label() {
    return label;
  }

  /** The kind of a request. */
  public static PromptKind of(ApiRequest request) {
    return switch (request.endpoint()) {
      case CHAT_COMPLETIONS -> {
        if (request.traits().contains(Trait.TOOLS)) {
          yield TOOLS;
        }
        yield request.traits().contains(Trait.THINKING) ? THINKING : PLAIN;
      }
      case COMPLETIONS -> COMPLETION;
      case RESPONSES -> RESPONSES;
      case MESSAGES -> MESSAGES;
      default -> OTHER;
    };
  }
}
