package io.kvroute.tokenizer.jinja.values;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A value that a template can see. The set is closed: a template reaches nothing else, so neither a
 * template nor a message can call into Java.
 *
 * <p>{@code equals} and {@code hashCode} of scalars follow Python, so that values can be keys of a
 * dict: {@code 1}, {@code 1.0} and {@code True} are one key.
 */
public sealed interface Value {

  /** Python's {@code bool(value)}. */
  static boolean truth(Value value) {
    return Types.truth(value);
  }

  /** Python's {@code None}. */
  enum None implements Value {
    NONE
  }

  record Bool(boolean value) implements Value {
    public static final Bool TRUE = new Bool(true);
    public static final Bool FALSE = new Bool(false);

    public static Bool of(boolean value) {
      return value ? TRUE : FALSE;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Value that && PythonNumbers.equal(this, that);
    }

    @Override
    public int hashCode() {
      return PythonNumbers.hash(this);
    }
  }

  record Int(long value) implements Value {
    @Override
    public boolean equals(Object other) {
      return other instanceof Value that && PythonNumbers.equal(this, that);
    }

    @Override
    public int hashCode() {
      return PythonNumbers.hash(this);
    }
  }

  /** An integer outside the range of a long. */
  record BigInt(BigInteger value) implements Value {
    @Override
    public boolean equals(Object other) {
      return other instanceof Value that && PythonNumbers.equal(this, that);
    }

    @Override
    public int hashCode() {
      return PythonNumbers.hash(this);
    }
  }

  record Real(double value) implements Value {
    @Override
    public boolean equals(Object other) {
      return this == other || (other instanceof Value that && PythonNumbers.equal(this, that));
    }

    @Override
    public int hashCode() {
      return PythonNumbers.hash(this);
    }
  }

  /** A string. Lone surrogates are allowed and pass through. */
  record Str(String value) implements Value {
    public static final Str EMPTY = new Str("");

    @Override
    public boolean equals(Object other) {
      return (other instanceof Str that && value.equals(that.value))
          || (other instanceof Markup markup && value.equals(markup.value));
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** A safe string, as the filter {@code safe} returns it. It escapes what is joined to it. */
  record Markup(String value) implements Value {
    @Override
    public boolean equals(Object other) {
      return (other instanceof Markup that && value.equals(that.value))
          || (other instanceof Str str && value.equals(str.value));
    }

    @Override
    public int hashCode() {
      return value.hashCode();
    }
  }

  /** A list, or a tuple if {@code tuple} is set. Owned by the value and never changed. */
  record ListOf(List<Value> items, boolean tuple) implements Value {}

  /** A dict in insertion order. Owned by the value and never changed. */
  record Dict(LinkedHashMap<Value, Value> entries) implements Value {}

  /**
   * Values that only the interpreter makes: undefined, namespaces, macros, methods, loop variables.
   */
  non-sealed interface Internal extends Value {}
}
