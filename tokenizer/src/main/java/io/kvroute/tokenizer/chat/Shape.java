package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A type that a value must have, as pydantic validates it in vLLM (lax mode, extra keys kept). If a
 * value fits several types of a union, pydantic's "smart" mode picks the one that sets the most
 * declared fields, and the first among equals. The choice decides how the message is processed
 * further.
 */
interface Shape {

  /**
   * A value validated against a type.
   *
   * @param value the value, with declared keys first, in the order of their declaration
   * @param fieldsSet number of declared fields found, nested dicts included; {@link #NO_FIELDS} if
   *     no type in it declares fields
   */
  record Match(Value value, int fieldsSet) {
    static final int NO_FIELDS = -1;

    static Match plain(Value value) {
      return new Match(value, NO_FIELDS);
    }
  }

  /** Validates a value against this type; null if it does not fit. */
  @Nullable Match match(Value value);

  Shape STRING = value -> value instanceof Value.Str ? Match.plain(value) : null;

  Shape ANY_DICT = value -> value instanceof Value.Dict ? Match.plain(value) : null;

  Shape BOOL =
      value -> {
        Boolean read = laxBool(value);
        return read == null ? null : Match.plain(new Value.Bool(read));
      };

  Shape INTEGER = value -> LaxNumbers.integer(value) == null ? null : Match.plain(value);

  Shape NUMBER = value -> LaxNumbers.isNumber(value) ? Match.plain(value) : null;

  static Shape integerFrom(long least) {
    return value -> {
      BigInteger number = LaxNumbers.integer(value);
      return number != null && number.compareTo(BigInteger.valueOf(least)) >= 0
          ? Match.plain(value)
          : null;
    };
  }

  static Shape integerIn(long least, long most) {
    return value -> {
      BigInteger number = LaxNumbers.integer(value);
      return number != null && number.compareTo(BigInteger.valueOf(most)) <= 0
          ? integerFrom(least).match(value)
          : null;
    };
  }

  /** A list whose items are validated only when they are read. */
  Shape LAZY_LIST =
      value -> {
        Value list = value instanceof Value.Str ? null : iterated(value);
        return list == null ? null : Match.plain(list);
      };

  /** Python's {@code list(value)}; null if the value is not iterable. */
  static @Nullable Value iterated(Value value) {
    return switch (value) {
      case Value.ListOf list -> list;
      case Value.Dict dict -> new Value.ListOf(List.copyOf(dict.entries().keySet()), false);
      case Value.Str text ->
          new Value.ListOf(
              text.value()
                  .codePoints()
                  .<Value>mapToObj(c -> new Value.Str(Character.toString(c)))
                  .toList(),
              false);
      default -> null;
    };
  }

  static Shape literal(String... texts) {
    Set<String> allowed = Set.of(texts);
    return value ->
        value instanceof Value.Str str && allowed.contains(str.value()) ? Match.plain(value) : null;
  }

  static Shape orNull(Shape shape) {
    return value -> value == Value.None.NONE ? Match.plain(value) : shape.match(value);
  }

  static Shape listOf(Shape item) {
    return value -> {
      if (!(value instanceof Value.ListOf list)) {
        return null;
      }
      List<Value> items = new ArrayList<>(list.items().size());
      int fieldsSet = Match.NO_FIELDS;
      for (Value each : list.items()) {
        Match match = item.match(each);
        if (match == null) {
          return null;
        }
        items.add(match.value());
        if (match.fieldsSet() != Match.NO_FIELDS) {
          fieldsSet = Math.max(fieldsSet, 0) + match.fieldsSet();
        }
      }
      return new Match(new Value.ListOf(items, false), fieldsSet);
    };
  }

  static Shape dictOf(Shape item) {
    return value -> {
      if (!(value instanceof Value.Dict dict)) {
        return null;
      }
      for (Value each : dict.entries().values()) {
        if (item.match(each) == null) {
          return null;
        }
      }
      return Match.plain(value);
    };
  }

  static Shape oneOf(Shape... shapes) {
    return value -> {
      Match best = null;
      for (Shape shape : shapes) {
        Match match = shape.match(value);
        if (match != null) {
          if (match.fieldsSet() == Match.NO_FIELDS) {
            return match;
          }
          if (best == null || match.fieldsSet() > best.fieldsSet()) {
            best = match;
          }
        }
      }
      return best;
    };
  }

  /** Converts a value to a boolean as pydantic does; null if it cannot be converted. */
  static @Nullable Boolean laxBool(Value value) {
    return switch (value) {
      case Value.Bool bool -> bool.value();
      case Value.Int number ->
          number.value() == 1 ? Boolean.TRUE : number.value() == 0 ? false : null;
      case Value.Real number ->
          number.value() == 1.0 ? Boolean.TRUE : number.value() == 0.0 ? false : null;
      case Value.Str text ->
          switch (text.value().toLowerCase(Locale.ROOT)) {
            case "1", "on", "t", "true", "y", "yes" -> true;
            case "0", "off", "f", "false", "n", "no" -> false;
            default -> null;
          };
      default -> null;
    };
  }
}
