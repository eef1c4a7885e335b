package io.kvroute.tokenizer.jinja.values;

import org.jspecify.annotations.Nullable;

/** A missing value. It prints as nothing and fails when used otherwise. */
public record Undefined(String message) implements Value.Internal {

  public static Undefined name(String name) {
    return new Undefined("UndefinedError: '" + name + "' is undefined");
  }

  public static Undefined attribute(Value object, String name) {
    return new Undefined(
        "UndefinedError: '" + Types.objectName(object) + "' has no attribute '" + name + "'");
  }

  public static Undefined element(Value object, Value index) {
    if (index instanceof Value.Str name) {
      return attribute(object, name.value());
    }
    return new Undefined("UndefinedError: " + Types.objectName(object) + " has no such element");
  }

  public static Undefined unsafe(Value object, String name) {
    return new Undefined(
        "SecurityError: access to attribute '"
            + name
            + "' of '"
            + Types.name(object)
            + "' object is unsafe");
  }

  public static Undefined hint(String hint) {
    return new Undefined("UndefinedError: " + hint);
  }

  public EvaluationException failure() {
    return EvaluationException.error(message);
  }

  /** All undefined values are equal to each other. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Undefined;
  }

  @Override
  public int hashCode() {
    return 1;
  }
}
