package io.kvroute.tokenizer.jinja;

/**
 * A rendering failed, as it would fail in Python's Jinja. Carries no stack trace, because it occurs
 * in normal operation.
 */
public sealed class RenderException extends Exception
    permits RaisedByTemplateException, RenderLimitException {

  private static final long serialVersionUID = 1L;

  private final int line;

  RenderException(int line, String message) {
    super(message, null, false, false);
    this.line = line;
  }

  /** The line in the template of the statement that failed, counted from 1. */
  public int line() {
    return line;
  }
}
