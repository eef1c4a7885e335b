package io.kvroute.router.app;

/** The router could not start. The message tells an operator in one line why and what to do. */
public final class StartException extends Exception {

  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
