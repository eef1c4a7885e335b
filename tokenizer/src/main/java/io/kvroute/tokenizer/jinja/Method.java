package io.kvroute.tokenizer.jinja;

/** A method of a built-in type, bound to its object. */
record Method(Value object, String name, Body body) implements Invocable {

  /** What a method does. */
  interface Body {
    Value call(Value object, Args args, Render render);
  }

  @Override
  public Value call(Args args, Render render) {
    return body.call(object, args, render);
  }
}
