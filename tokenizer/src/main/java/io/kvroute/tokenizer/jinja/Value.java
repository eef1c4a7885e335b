package io.kvroute.tokenizer.jinja;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A value a template can see. The world is closed: a template reaches nothing that is not one of
 * these, so neither a template nor a message can call into Java.
 */
public sealed interface Value {

  /** Python's {@code None}. */
  enum None implements Value {
    NONE
  }

  record Bool(boolean value) implements Value {}

  record Int(long value) implements Value {}

  /** An integer outside the range of a long. */
  record BigInt(BigInteger value) implements Value {}

  record Real(double value) implements Value {}

  record Str(String value) implements Value {}

  /** A list or, with {@code tuple}, a tuple. Owned by the value; not changed after creation. */
  record ListOf(List<Value> items, boolean tuple) implements Value {}

  /** A dict in insertion order. Owned by the value; not changed after creation. */
  record Dict(LinkedHashMap<Value, Value> entries) implements Value {}

  /** What only an interpreter makes: undefined, namespaces, macros, methods, loop variables. */
  non-sealed interface Internal extends Value {}
}
