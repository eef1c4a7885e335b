package io.kvroute.tokenizer.chat;

/** Text that is not JSON as Python's {@code json.loads} reads it. Carries no stack trace. */
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

  /** Whether it may well be JSON, but nests too deeply or holds too long a number. */
  boolean isBeyondLimits() {
    return beyondLimits;
  }
}
