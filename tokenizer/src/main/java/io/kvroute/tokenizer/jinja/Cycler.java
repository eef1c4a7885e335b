package io.kvroute.tokenizer.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Jinja's {@code cycler}: gives its items in turn. Lives for one rendering. */
final class Cycler implements Globals.WithAttributes {

  private final List<Value> items;
  private int position;

  Cycler(List<Value> items) {
    this.items = items;
  }

  @Override
  public @Nullable Value attribute(String name, Render render) {
    return switch (name) {
      case "current" -> items.get(position);
      case "pos" -> new Value.Int(position);
      case "items" -> new Value.ListOf(items, true);
      case "next" -> new Method(this, name, (object, args, r) -> next());
      case "reset" ->
          new Method(
              this,
              name,
              (object, args, r) -> {
                position = 0;
                return Value.None.NONE;
              });
      default -> null;
    };
  }

  private Value next() {
    Value item = items.get(position);
    position = (position + 1) % items.size();
    return item;
  }
}
