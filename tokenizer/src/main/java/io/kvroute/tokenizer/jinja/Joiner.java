package io.kvroute.tokenizer.jinja;

/**
 * Jinja's {@code joiner}: nothing the first time, its separator afterwards. Lives for one
 * rendering.
 */
final class Joiner implements Invocable {

  private final Value separator;
  private boolean used;

  Joiner(Value separator) {
    this.separator = separator;
  }

  @Override
  public Value call(Args args, Render render) {
    if (used) {
      return separator;
    }
    used = true;
    return Value.Str.EMPTY;
  }
}
