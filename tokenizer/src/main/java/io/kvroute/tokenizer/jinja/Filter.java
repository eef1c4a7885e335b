package io.kvroute.tokenizer.jinja;

/** What a filter does. */
interface Filter {

  Value apply(Value input, Args args, Render render);
}
