package io.kvroute.tokenizer.chat;

/** Text that is not JSON as Python's {@code json.loads} reads it. Carries no stack trace. */
public final class JsonException extends Exception {

  private static final long serialVersionUID = 1L;

  JsonException(String message) {
    super(message, null, false, false);
  }
}
