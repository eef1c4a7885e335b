package io.kvroute.tokenizer.jinja;

/** Which values can be keys of a dict. */
final class Hashing {

  private Hashing() {}

  /** The value itself, if Python can hash it; else its type error. */
  static Value key(Value value, Render render) {
    switch (value) {
      case Value.ListOf list -> {
        if (!list.tuple()) {
          throw unhashable(value);
        }
        render.enter(1);
        for (Value item : list.items()) {
          render.step();
          key(item, render);
        }
        render.leave(1);
      }
      case Value.Dict dict -> throw unhashable(value);
      case DictView view -> throw unhashable(value);
      case Value.Str str -> render.scan(str.value());
      default -> {}
    }
    return value;
  }

  private static Failure unhashable(Value value) {
    return Failure.type("unhashable type: '" + Types.name(value) + "'");
  }
}
