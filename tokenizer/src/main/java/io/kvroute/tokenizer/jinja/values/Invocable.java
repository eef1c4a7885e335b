package io.kvroute.tokenizer.jinja.values;

/** A value that can be called. */
public interface Invocable extends Value.Internal {

  Value call(Args args, Render render);
}
