package io.kvroute.tokenizer.jinja.values;

import org.jspecify.annotations.Nullable;

/** A value of the interpreter that has attributes of its own. */
public interface HasAttributes extends Value.Internal {

  /** The attribute of that name, or null if the value has none. */
  @Nullable Value attribute(String name, Render render);
}
