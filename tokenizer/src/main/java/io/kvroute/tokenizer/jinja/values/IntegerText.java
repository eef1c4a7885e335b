package io.kvroute.tokenizer.jinja.values;

import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads integers from text, as Python's {@code int(text, base)} does. */
public final class IntegerText {

  private IntegerText() {}

  /** Python's {@code int(text, base)}; a value error where the text is no such integer. */
  public static Value parse(String text, int base) {
    Value value = parseOrNull(text, base);
    if (value == null) {
      throw EvaluationException.value("invalid literal for int() with base " + base);
    }
    return value;
  }

  /** Python's {@code int(text, base)}, or null where it raises. */
  public static @Nullable Value parseOrNull(String text, int base) {
    if (base != 0 && (base < 2 || base > 36)) {
      return null;
    }
    String body = Whitespace.strip(text);
    boolean negative = body.startsWith("-");
    if (negative || body.startsWith("+")) {
      body = body.substring(1);
    }
    int radix = base;
    String lower = body.toLowerCase(Locale.ROOT);
    int prefix =
        lower.startsWith("0x") ? 16 : lower.startsWith("0o") ? 8 : lower.startsWith("0b") ? 2 : 0;
    if (prefix != 0 && (base == 0 || base == prefix)) {
      radix = prefix;
      body = body.substring(body.startsWith("_", 2) ? 3 : 2);
    } else if (base == 0) {
      radix = 10;
      if (body.startsWith("0") && !body.matches("[0_]+")) {
        return null;
      }
    }
    if (body.isEmpty()
        || body.startsWith("_")
        || body.endsWith("_")
        || body.contains("__")
        || body.length() > 4400) {
      return null;
    }
    StringBuilder digits = new StringBuilder(body.length());
    for (int c : body.replace("_", "").codePoints().toArray()) {
      int digit = c > 0x7f && !CharacterClasses.isDecimal(c) ? -1 : Character.digit(c, radix);
      if (digit < 0) {
        return null;
      }
      digits.append(Character.forDigit(digit, radix));
    }
    if (digits.length() > 4300 && Integer.bitCount(radix) != 1) {
      return null;
    }
    BigInteger value = new BigInteger(digits.toString(), radix);
    return PythonNumbers.of(negative ? value.negate() : value);
  }
}
