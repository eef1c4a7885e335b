package io.kvroute.tokenizer.jinja;

/** A compiled expression. Immutable; what one evaluation needs is in the arguments. */
interface Op {

  Value eval(Render render, Frame frame);
}
