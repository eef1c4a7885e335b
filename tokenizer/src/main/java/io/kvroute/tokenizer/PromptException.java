package io.kvroute.tokenizer;

/**
 * A prompt that cannot be turned into ids here; the engine would refuse it too, or must be asked.
 * Carries no stack trace: it is routine.
 */
public final class PromptException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Where the request failed, in the order of the work. */
  public enum Stage {
    /** The body is not a request the engine accepts. */
    REQUEST,
    /** A message's content is not what the engine accepts. */
    PARSE,
    /** The chat template failed, or the request asks of it what it cannot do. */
    RENDER,
    /** The text has no ids: it holds a lone surrogate. */
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
