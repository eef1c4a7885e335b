package io.kvroute.tokenizer.jinja.values;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/** Python's numbers as values: unbounded integers, doubles, and booleans that count as 0 and 1. */
public final class PythonNumbers {

  private PythonNumbers() {}

  /** The integer in its normal form: a {@link Value.BigInt} only if it does not fit a long. */
  public static Value of(BigInteger value) {
    return value.bitLength() < Long.SIZE
        ? new Value.Int(value.longValue())
        : new Value.BigInt(value);
  }

  public static boolean isInteger(Value value) {
    return value instanceof Value.Int
        || value instanceof Value.Bool
        || value instanceof Value.BigInt;
  }

  /** Whether the value is an integer that fits a long. */
  public static boolean isSmall(Value value) {
    return value instanceof Value.Int || value instanceof Value.Bool;
  }

  /** The value of an integer that fits a long. */
  public static long toLong(Value small) {
    return small instanceof Value.Int number
        ? number.value()
        : ((Value.Bool) small).value() ? 1 : 0;
  }

  public static BigInteger toBigInteger(Value integer) {
    return integer instanceof Value.BigInt big ? big.value() : BigInteger.valueOf(toLong(integer));
  }

  /** Python's {@code float(number)}; fails if the integer is too large for a double. */
  public static double toDouble(Value number) {
    return switch (number) {
      case Value.Real real -> real.value();
      case Value.BigInt big -> {
        double value = big.value().doubleValue();
        if (Double.isInfinite(value)) {
          throw EvaluationException.error("OverflowError: int too large to convert to float");
        }
        yield value;
      }
      default -> (double) toLong(number);
    };
  }

  /** Whether two values are equal numbers; false if either is not a number. */
  static boolean equal(Value a, Value b) {
    if (isSmall(a) && isSmall(b)) {
      return toLong(a) == toLong(b);
    }
    if (!Types.isNumber(a) || !Types.isNumber(b) || isNaN(a) || isNaN(b)) {
      return false;
    }
    return compare(a, b) == 0;
  }

  /** Compares two numbers exactly; neither may be NaN. */
  static int compare(Value a, Value b) {
    if (isSmall(a) && isSmall(b)) {
      return Long.compare(toLong(a), toLong(b));
    }
    if (a instanceof Value.Real x && b instanceof Value.Real y) {
      return x.value() < y.value() ? -1 : x.value() > y.value() ? 1 : 0;
    }
    if (a instanceof Value.Real x && Double.isInfinite(x.value())) {
      return x.value() < 0 ? -1 : 1;
    }
    if (b instanceof Value.Real y && Double.isInfinite(y.value())) {
      return y.value() < 0 ? 1 : -1;
    }
    return toDecimal(a).compareTo(toDecimal(b));
  }

  private static BigDecimal toDecimal(Value number) {
    return number instanceof Value.Real real
        ? new BigDecimal(real.value())
        : new BigDecimal(toBigInteger(number));
  }

  static boolean isNaN(Value value) {
    return value instanceof Value.Real real && Double.isNaN(real.value());
  }

  /** A hash code that is the same for equal numbers of different types. */
  static int hash(Value number) {
    if (isSmall(number)) {
      return Long.hashCode(toLong(number));
    }
    if (number instanceof Value.Real real) {
      double value = real.value();
      return value == Math.rint(value) && Math.abs(value) < 0x1p63
          ? Long.hashCode((long) value)
          : Double.hashCode(value);
    }
    return Double.hashCode(toBigInteger(number).doubleValue());
  }

  /** Python's {@code repr} of a double: the shortest digits that read back as the same value. */
  public static String repr(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = shortest(Math.abs(value));
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - decimal.scale() - 1;
    StringBuilder out = new StringBuilder(value < 0 ? "-" : "");
    if (exponent < -4 || exponent >= 16) {
      out.append(digits.charAt(0));
      if (digits.length() > 1) {
        out.append('.').append(digits, 1, digits.length());
      }
      out.append(exponent < 0 ? "e-" : "e+");
      int magnitude = Math.abs(exponent);
      return out.append(magnitude < 10 ? "0" : "").append(magnitude).toString();
    }
    if (exponent < 0) {
      return out.append("0.").append("0".repeat(-exponent - 1)).append(digits).toString();
    }
    if (digits.length() <= exponent + 1) {
      return out.append(digits)
          .append("0".repeat(exponent + 1 - digits.length()))
          .append(".0")
          .toString();
    }
    return out.append(digits, 0, exponent + 1)
        .append('.')
        .append(digits, exponent + 1, digits.length())
        .toString();
  }

  /**
   * The fewest digits that read back as the value. Java's own algorithm never gives fewer than two.
   */
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal single = new BigDecimal(value).round(new MathContext(1, RoundingMode.HALF_EVEN));
      return single.doubleValue() == value ? single.stripTrailingZeros() : decimal;
    }
    return decimal;
  }

  /** The decimal digits of an integer. Python refuses to print more than 4,300. */
  public static String repr(BigInteger value) {
    if (value.bitLength() > 14_284) {
      String digits = value.toString();
      if (digits.length() - (value.signum() < 0 ? 1 : 0) > 4300) {
        throw EvaluationException.value(
            "Exceeds the limit (4300 digits) for integer string conversion");
      }
      return digits;
    }
    return value.toString();
  }
}
