package io.kvroute.router.openai;

/** Invalid JSON: what was found, where, and what was expected. Has no stack trace. */
public final class JsonSyntaxException extends Exception {

  private static final long serialVersionUID = 1L;

  JsonSyntaxException(String message) {
    super(message, null, false, false);
  }
}
