package io.kvroute.tokenizer;

/**
 * This module cannot compute the ids of a prompt: either the engine would refuse the prompt too, or
 * only the engine can encode it. Carries no stack trace, because it occurs in normal operation.
 */
public final class PromptException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The step that failed, in the order of the steps. */
  public enum Stage {
    /** The body is not a request that the engine accepts. */
    REQUEST,
    /** The content of a message is not accepted by the engine. */
    PARSE,
    /** The chat template failed, or the request asks for something it cannot do. */
    RENDER,
    /** The text has no ids, because it contains a lone surrogate. */
    TOKENIZE
  }

  private final Stage stage;

  public PromptException(Stage stage, String message) {
    super(message, null, false, false);
    this.stage = stage;
  }

  public Stage stage() {
    return stage;
  }
}
