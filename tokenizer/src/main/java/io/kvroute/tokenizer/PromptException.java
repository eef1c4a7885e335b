package io.kvroute.tokenizer;

/**
 * A prompt that cannot be turned into ids here; the engine would refuse it too, or must be asked.
 */
public final class PromptException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Where the request failed, in the order of the work. */
  public enum Stage {
    REQUEST,
    PARSE,
    RENDER,
    TOKENIZE
  }

  private final Stage stage;

  public PromptException(Stage stage, String message) {
    super(message);
    this.stage = stage;
  }

  public Stage stage() {
    return stage;
  }
}
