package io.kvroute.tokenizer.jinja;

/**
 * The template called {@code raise_exception}. The message is exactly the argument of that call.
 */
public final class RaisedByTemplateException extends RenderException {

  private static final long serialVersionUID = 1L;

  RaisedByTemplateException(int line, String message) {
    super(line, message);
  }
}
