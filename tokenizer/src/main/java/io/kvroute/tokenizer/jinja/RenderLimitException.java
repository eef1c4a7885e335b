package io.kvroute.tokenizer.jinja;

/** A rendering that went over one of its {@link RenderLimits}; the message names which. */
public final class RenderLimitException extends RenderException {

  private static final long serialVersionUID = 1L;

  RenderLimitException(int line, String message) {
    super(line, message);
  }
}
