package io.kvroute.tokenizer.jinja;

/** Calls of values. */
final class Functions {

  private Functions() {}

  static Value call(Value function, Args args, Render render) {
    return switch (function) {
      case Invocable invocable -> invocable.call(args, render);
      case Undefined undefined -> throw undefined.failure();
      default -> throw Failure.type("'" + Types.name(function) + "' object is not callable");
    };
  }
}
