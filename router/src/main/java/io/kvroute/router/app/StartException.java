package io.kvroute.router.app;

/** A router that could not start, with one line that tells a person why and what to do. */
public final class StartException extends Exception {

  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
