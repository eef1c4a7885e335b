package io.kvroute.tokenizer.chat;

/** The text is not JSON as Python's {@code json.loads} reads it. Carries no stack trace. */
public final class JsonException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean beyondLimits;

  JsonException(String message) {
    this(message, false);
  }

  JsonException(String message, boolean beyondLimits) {
    super(message, null, false, false);
    this.beyondLimits = beyondLimits;
  }

  /**
   * Whether the text may be valid JSON, but nests too deeply or contains a number that is too long.
   */
  boolean isBeyondLimits() {
    return beyondLimits;
  }
}
