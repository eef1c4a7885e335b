package io.kvroute.tokenizer.chat;

/** A chat request that the engine would refuse. It has no stack trace, because it is routine. */
public final class ChatException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The step of the engine that refuses the request. */
  public enum Stage {
    /** Validation of the body. */
    REQUEST,
    /** Reading of the messages' contents. */
    PARSE,
    /** The chat template. */
    RENDER
  }

  private final Stage stage;

  ChatException(Stage stage, String message) {
    super(message, null, false, false);
    this.stage = stage;
  }

  public Stage stage() {
    return stage;
  }
}
