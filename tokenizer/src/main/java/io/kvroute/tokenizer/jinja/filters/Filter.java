package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.values.Args;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;

/** The code of a filter. */
public interface Filter {

  Value apply(Value input, Args args, Render render);
}
