package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.values.RenderLimits;

/**
 * A rendering exceeded one of its {@link RenderLimits} or used a filter, function or method that is
 * not implemented here; the message says which. Python might still render it.
 */
public final class RenderLimitException extends RenderException {

  private static final long serialVersionUID = 1L;

  RenderLimitException(int line, String message) {
    super(line, message);
  }
}
