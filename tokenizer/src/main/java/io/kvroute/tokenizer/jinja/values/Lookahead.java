package io.kvroute.tokenizer.jinja.values;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** An iterator that computes its next item only when asked for it, as Python's generators do. */
public abstract class Lookahead implements Iterator<Value> {

  private @Nullable Value next;

  /** The next item, or null if there is none. */
  public abstract @Nullable Value find();

  @Override
  public final boolean hasNext() {
    if (next == null) {
      next = find();
    }
    return next != null;
  }

  @Override
  public final Value next() {
    Value item = hasNext() ? next : null;
    if (item == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return item;
  }
}
