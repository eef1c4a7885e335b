package io.kvroute.tokenizer.jinja.values;

import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A lazy sequence that can be iterated once. Most of Jinja's sequence filters return one. */
public final class Generator implements Value.Internal, Iterator<Value> {

  private final Iterator<Value> items;

  public Generator(Iterator<Value> items) {
    this.items = items;
  }

  /** A sequence that starts its work, and reports its errors, when the first item is asked for. */
  public static Generator lazy(Supplier<Iterator<Value>> start) {
    return new Generator(
        new Iterator<>() {
          private @Nullable Iterator<Value> items;

          private Iterator<Value> started() {
            Iterator<Value> current = items;
            if (current == null) {
              current = start.get();
              items = current;
            }
            return current;
          }

          @Override
          public boolean hasNext() {
            return started().hasNext();
          }

          @Override
          public Value next() {
            return started().next();
          }
        });
  }

  @Override
  public boolean hasNext() {
    return items.hasNext();
  }

  @Override
  public Value next() {
    return items.next();
  }
}
