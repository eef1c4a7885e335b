package io.kvroute.tokenizer.jinja.syntax;

/** A template that cannot be compiled: a syntax error, or a name the engine would not know. */
public final class TemplateException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int line;

  public TemplateException(int line, String message) {
    super("line " + line + ": " + message);
    this.line = line;
  }

  /** The template's line, counted from 1. */
  public int line() {
    return line;
  }
}
