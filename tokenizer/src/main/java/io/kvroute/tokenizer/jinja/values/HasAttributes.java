package io.kvroute.tokenizer.jinja.values;

import org.jspecify.annotations.Nullable;

/** A value of the interpreter with attributes: a namespace, a macro, a loop variable. */
public interface HasAttributes extends Value.Internal {

  /** The attribute of that name, or null if the value has none. */
  @Nullable Value attribute(String name, Render render);
}
