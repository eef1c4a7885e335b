package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Converts values to numbers as pydantic does in lax mode: booleans, and strings that spell a
 * number, are accepted (pydantic 2.14, "Conversion Table").
 */
final class LaxNumbers {

  private static final Pattern INTEGER = Pattern.compile("([+-]?[0-9]+(?:_[0-9]+)*)(?:\\.0+)?");

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?i:inf|infinity|nan|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:e[+-]?[0-9]+)?)");

  /** Python converts no strings with more digits. */
  private static final int MAX_DIGITS = 4_300;

  private static final double TWO_TO_63 = 0x1p63;

  private LaxNumbers() {}

  /** The value as an integer of any size; null if it is not one. */
  static @Nullable BigInteger integer(Value value) {
    return switch (value) {
      case Value.Bool bool -> bool.value() ? BigInteger.ONE : BigInteger.ZERO;
      case Value.Int number -> BigInteger.valueOf(number.value());
      case Value.BigInt number -> number.value();
      case Value.Real real ->
          real.value() == Math.rint(real.value()) && Math.abs(real.value()) < TWO_TO_63
              ? BigInteger.valueOf((long) real.value())
              : null;
      case Value.Str text -> integer(trimmed(text.value()));
      default -> null;
    };
  }

  private static @Nullable BigInteger integer(String text) {
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String digits = matcher.group(1).replace("_", "");
    return digits.length() > MAX_DIGITS ? null : new BigInteger(digits);
  }

  static boolean isNumber(Value value) {
    return switch (value) {
      case Value.Bool bool -> true;
      case Value.Int number -> true;
      case Value.BigInt number -> Double.isFinite(number.value().doubleValue());
      case Value.Real real -> true;
      case Value.Str text -> isNumber(trimmed(text.value()));
      default -> false;
    };
  }

  private static boolean isNumber(String text) {
    return !text.startsWith("_")
        && !text.endsWith("_")
        && !text.contains("__")
        && NUMBER.matcher(text.replace("_", "")).matches();
  }

  /** Strips Unicode white space. */
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r') || c == '\u0085' || Character.isSpaceChar(c);
  }
}
