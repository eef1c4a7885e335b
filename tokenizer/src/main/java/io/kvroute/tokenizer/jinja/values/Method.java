package io.kvroute.tokenizer.jinja.values;

/** A method of a built-in type, bound to an object. */
public record Method(Value object, String name, Body body) implements Invocable {

  /** The code of a method. */
  public interface Body {
    Value call(Value object, Args args, Render render);
  }

  @Override
  public Value call(Args args, Render render) {
    return body.call(object, args, render);
  }
}
