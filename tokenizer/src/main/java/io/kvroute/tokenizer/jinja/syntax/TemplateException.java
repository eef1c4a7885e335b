package io.kvroute.tokenizer.jinja.syntax;

/**
 * The template cannot be compiled: it has a syntax error, or uses a filter or test that Jinja does
 * not know.
 */
public final class TemplateException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int line;

  public TemplateException(int line, String message) {
    super("line " + line + ": " + message);
    this.line = line;
  }

  /** The line in the template, counted from 1. */
  public int line() {
    return line;
  }
}
