package io.kvroute.tokenizer.jinja;

/** A value that can be called. */
interface Invocable extends Value.Internal {

  Value call(Args args, Render render);
}
