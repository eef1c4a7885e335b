package io.kvroute.tokenizer.jinja;

/** The template itself called {@code raise_exception}; the message is exactly what it passed. */
public final class RaisedByTemplateException extends RenderException {

  private static final long serialVersionUID = 1L;

  RaisedByTemplateException(int line, String message) {
    super(line, message);
  }
}
