package io.kvroute.tokenizer.jinja.values;

/** Calls values. */
public final class Calls {

  private Calls() {}

  public static Value call(Value function, Args args, Render render) {
    return switch (function) {
      case Invocable invocable -> invocable.call(args, render);
      case Undefined undefined -> throw undefined.failure();
      default ->
          throw EvaluationException.type("'" + Types.name(function) + "' object is not callable");
    };
  }
}
