package io.kvroute.tokenizer.jinja.values;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** Python's arithmetic on two numbers. */
public final class Arithmetic {

  /** Larger integers, in bits, are refused. Python would not print them either. */
  private static final int MAX_BITS = 65_536;

  private Arithmetic() {}

  /** {@code a op b}, both numbers. */
  public static Value apply(ArithmeticOp op, Value a, Value b, Render render) {
    if (op == ArithmeticOp.DIVIDE) {
      return divide(a, b);
    }
    if (a instanceof Value.Real || b instanceof Value.Real) {
      return new Value.Real(floating(op, PythonNumbers.toDouble(a), PythonNumbers.toDouble(b)));
    }
    if (PythonNumbers.isSmall(a) && PythonNumbers.isSmall(b)) {
      Value result = small(op, PythonNumbers.toLong(a), PythonNumbers.toLong(b));
      if (result != Value.None.NONE) {
        return result;
      }
    }
    return big(op, PythonNumbers.toBigInteger(a), PythonNumbers.toBigInteger(b), render);
  }

  /** The result if it fits a long, else None. */
  private static Value small(ArithmeticOp op, long a, long b) {
    return switch (op) {
      case ADD -> {
        long sum = a + b;
        yield ((a ^ sum) & (b ^ sum)) < 0 ? Value.None.NONE : new Value.Int(sum);
      }
      case SUBTRACT -> {
        long difference = a - b;
        yield ((a ^ b) & (a ^ difference)) < 0 ? Value.None.NONE : new Value.Int(difference);
      }
      case MULTIPLY ->
          Math.multiplyHigh(a, b) == (a * b) >> 63 ? new Value.Int(a * b) : Value.None.NONE;
      case FLOOR_DIVIDE ->
          b == 0 || (a == Long.MIN_VALUE && b == -1)
              ? Value.None.NONE
              : new Value.Int(Math.floorDiv(a, b));
      case MODULO -> b == 0 ? Value.None.NONE : new Value.Int(Math.floorMod(a, b));
      case DIVIDE, POWER -> Value.None.NONE;
    };
  }

  private static Value big(ArithmeticOp op, BigInteger a, BigInteger b, Render render) {
    render.steps(1 + (a.bitLength() + b.bitLength()) / 64);
    return switch (op) {
      case ADD -> bounded(a.add(b));
      case SUBTRACT -> bounded(a.subtract(b));
      case MULTIPLY -> bounded(a.multiply(b));
      case FLOOR_DIVIDE -> PythonNumbers.of(floorDivide(a, b)[0]);
      case MODULO -> PythonNumbers.of(floorDivide(a, b)[1]);
      case POWER -> power(a, b, render);
      case DIVIDE -> throw new IllegalStateException("division has its own path");
    };
  }

  private static Value bounded(BigInteger value) {
    if (value.bitLength() > MAX_BITS) {
      throw EvaluationException.limit(
          "integer of " + value.bitLength() + " bits (expected: at most " + MAX_BITS + ")");
    }
    return PythonNumbers.of(value);
  }

  /** The quotient rounded down, and a remainder with the sign of the divisor. */
  private static BigInteger[] floorDivide(BigInteger a, BigInteger b) {
    if (b.signum() == 0) {
      throw EvaluationException.error("ZeroDivisionError: integer division or modulo by zero");
    }
    BigInteger[] result = a.divideAndRemainder(b);
    if (result[1].signum() != 0 && result[1].signum() != b.signum()) {
      result[0] = result[0].subtract(BigInteger.ONE);
      result[1] = result[1].add(b);
    }
    return result;
  }

  private static Value power(BigInteger base, BigInteger exponent, Render render) {
    if (exponent.signum() < 0) {
      return new Value.Real(floatPower(base.doubleValue(), exponent.doubleValue()));
    }
    if (base.bitLength() <= 1 && base.signum() >= 0) {
      return PythonNumbers.of(exponent.signum() == 0 ? BigInteger.ONE : base);
    }
    if (base.equals(BigInteger.ONE.negate())) {
      return PythonNumbers.of(exponent.testBit(0) ? base : BigInteger.ONE);
    }
    if (exponent.bitLength() > 20
        || (long) (base.abs().bitLength() - 1) * exponent.intValue() > MAX_BITS) {
      throw EvaluationException.limit(
          "integer power too large (expected: at most " + MAX_BITS + " bits)");
    }
    render.steps(exponent.intValue() / 16 + 1);
    return bounded(base.pow(exponent.intValue()));
  }

  private static Value divide(Value a, Value b) {
    boolean zero = b instanceof Value.Real real ? real.value() == 0 : !Types.truth(b);
    if (zero) {
      throw EvaluationException.error("ZeroDivisionError: division by zero");
    }
    if (a instanceof Value.Real || b instanceof Value.Real) {
      return new Value.Real(PythonNumbers.toDouble(a) / PythonNumbers.toDouble(b));
    }
    if (exact(a) && exact(b)) {
      return new Value.Real((double) PythonNumbers.toLong(a) / PythonNumbers.toLong(b));
    }
    BigDecimal quotient =
        new BigDecimal(PythonNumbers.toBigInteger(a))
            .divide(new BigDecimal(PythonNumbers.toBigInteger(b)), new MathContext(800));
    double result = quotient.doubleValue();
    if (Double.isInfinite(result)) {
      throw EvaluationException.error(
          "OverflowError: integer division result too large for a float");
    }
    return new Value.Real(result);
  }

  /** Whether a double holds the integer exactly. */
  private static boolean exact(Value integer) {
    return PythonNumbers.isSmall(integer)
        && PythonNumbers.toLong(integer) > -(1L << 53)
        && PythonNumbers.toLong(integer) < 1L << 53;
  }

  private static double floating(ArithmeticOp op, double a, double b) {
    return switch (op) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE -> a / b;
      case FLOOR_DIVIDE -> floorDivide(a, b);
      case MODULO -> modulo(a, b);
      case POWER -> floatPower(a, b);
    };
  }

  private static double modulo(double a, double b) {
    if (b == 0) {
      throw EvaluationException.error("ZeroDivisionError: float modulo");
    }
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return (b < 0) == (remainder < 0) ? remainder : remainder + b;
  }

  /**
   * CPython's {@code float_floor_div}: computed from the remainder, so that {@code //} and {@code
   * %} agree.
   */
  private static double floorDivide(double a, double b) {
    if (b == 0) {
      throw EvaluationException.error("ZeroDivisionError: float floor division by zero");
    }
    double remainder = a % b;
    double quotient = (a - remainder) / b;
    if (remainder != 0 && (b < 0) != (remainder < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  private static double floatPower(double base, double exponent) {
    if (base == 0 && exponent < 0) {
      throw EvaluationException.error(
          "ZeroDivisionError: 0.0 cannot be raised to a negative power");
    }
    if (base == 1) {
      return 1;
    }
    if (base < 0 && exponent != Math.rint(exponent) && Double.isFinite(base)) {
      throw EvaluationException.limit("a power that is a complex number is not supported");
    }
    double result = base == -1 && Double.isInfinite(exponent) ? 1 : Math.pow(base, exponent);
    if (Double.isInfinite(result) && Double.isFinite(base) && Double.isFinite(exponent)) {
      throw EvaluationException.error("OverflowError: (34, 'Numerical result out of range')");
    }
    return result;
  }

  /** {@code +value}. */
  public static Value positive(Value value) {
    if (value instanceof Value.Bool bool) {
      return new Value.Int(bool.value() ? 1 : 0);
    }
    if (Types.isNumber(value)) {
      return value;
    }
    throw badOperand("+", value);
  }

  public static EvaluationException badOperand(String sign, Value value) {
    return value instanceof Undefined undefined
        ? undefined.failure()
        : EvaluationException.type(
            "bad operand type for unary " + sign + ": '" + Types.name(value) + "'");
  }
}
