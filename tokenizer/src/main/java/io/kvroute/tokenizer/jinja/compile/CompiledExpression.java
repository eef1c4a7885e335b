package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;

/** A compiled expression. Immutable: all state of one evaluation is in the arguments. */
interface CompiledExpression {

  Value eval(Render render, Frame frame);
}
