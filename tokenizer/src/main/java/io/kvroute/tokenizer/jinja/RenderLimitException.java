package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.values.RenderLimits;

/**
 * A rendering that went over one of its {@link RenderLimits}, or needs one of the few filters and
 * methods left out here; the message says which. Python may still render it.
 */
public final class RenderLimitException extends RenderException {

  private static final long serialVersionUID = 1L;

  RenderLimitException(int line, String message) {
    super(line, message);
  }
}
