package io.kvroute.router.openai;

/** Bytes that are not JSON: what was found, where, and what was expected. Carries no stack. */
public final class JsonSyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  JsonSyntaxException(String message) {
    super(message, null, false, false);
  }
}
