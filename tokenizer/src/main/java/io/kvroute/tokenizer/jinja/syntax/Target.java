package io.kvroute.tokenizer.jinja.syntax;

import java.util.List;
import java.util.function.Consumer;

/** The target of an assignment. */
public sealed interface Target {

  record Name(String name) implements Target {}

  /** {@code name.attribute}: an attribute of a namespace. */
  record NamespaceAttribute(String name, String attribute) implements Target {}

  record TupleOf(List<Target> items) implements Target {}

  /** Visits the names and namespace attributes inside, from the left. */
  default void forEachLeaf(Consumer<Target> visitor) {
    if (this instanceof TupleOf tuple) {
      tuple.items().forEach(item -> item.forEachLeaf(visitor));
    } else {
      visitor.accept(this);
    }
  }
}
