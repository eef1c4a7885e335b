package io.kvroute.tokenizer.jinja.values;

/** Checks which values may be keys of a dict. */
public final class Hashing {

  private Hashing() {}

  /** Returns the value if Python can hash it; else fails with Python's type error. */
  public static Value key(Value value, Render render) {
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

  private static EvaluationException unhashable(Value value) {
    return EvaluationException.type("unhashable type: '" + Types.name(value) + "'");
  }
}
