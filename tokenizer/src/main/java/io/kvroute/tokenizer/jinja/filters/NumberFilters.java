package io.kvroute.tokenizer.jinja.filters;

import io.kvroute.tokenizer.jinja.values.Arithmetic;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.CharacterClasses;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.IntegerText;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Types;
import io.kvroute.tokenizer.jinja.values.Undefined;
import io.kvroute.tokenizer.jinja.values.Value;
import io.kvroute.tokenizer.jinja.values.Whitespace;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters whose result is a number. */
final class NumberFilters {

  private static final Pattern FLOAT =
      Pattern.compile(
          "[+-]?(?:(?:\\d+(?:_\\d+)*)?\\.?(?:\\d+(?:_\\d+)*)?(?:[eE][+-]?\\d+(?:_\\d+)*)?)");

  private NumberFilters() {}

  static void addTo(Map<String, Filter> all) {
    all.put("int", Filters.of(Parameters.of("int", 0, "default", "base"), NumberFilters::toInt));
    all.put("float", Filters.of(Parameters.of("float", 0, "default"), NumberFilters::toFloat));
    all.put("abs", Filters.of(Parameters.of("abs", 0), NumberFilters::abs));
    all.put(
        "round",
        Filters.of(Parameters.of("round", 0, "precision", "method"), NumberFilters::round));
  }

  private static Value toInt(Value input, Parameters.Bound args, Render render) {
    Value fallback = args.get(0, new Value.Int(0));
    String text = Types.text(input);
    if (text != null) {
      render.scan(text);
      Value value = IntegerText.parseOrNull(text, args.getInt(1, 10));
      if (value != null) {
        return value;
      }
      Double real = parseFloat(text);
      return real == null || !Double.isFinite(real) ? fallback : truncate(real);
    }
    return switch (input) {
      case Undefined undefined -> throw undefined.failure();
      case Value.Real real -> {
        if (Double.isInfinite(real.value())) {
          throw EvaluationException.error(
              "OverflowError: cannot convert float infinity to integer");
        }
        yield Double.isNaN(real.value()) ? fallback : truncate(real.value());
      }
      case Value.Bool bool -> Arithmetic.positive(bool);
      default -> Types.isNumber(input) ? input : fallback;
    };
  }

  private static Value truncate(double value) {
    return PythonNumbers.of(new BigDecimal(value).toBigInteger());
  }

  private static Value toFloat(Value input, Parameters.Bound args, Render render) {
    Value fallback = args.get(0, new Value.Real(0));
    String text = Types.text(input);
    if (text != null) {
      render.scan(text);
      Double value = parseFloat(text);
      return value == null ? fallback : new Value.Real(value);
    }
    if (input instanceof Undefined undefined) {
      throw undefined.failure();
    }
    return Types.isNumber(input) ? new Value.Real(PythonNumbers.toDouble(input)) : fallback;
  }

  static @Nullable Double parseFloat(String text) {
    String body = Whitespace.strip(text);
    String lower = body.toLowerCase(Locale.ROOT);
    String unsigned = lower.startsWith("+") || lower.startsWith("-") ? lower.substring(1) : lower;
    double sign = lower.startsWith("-") ? -1 : 1;
    if (unsigned.equals("inf") || unsigned.equals("infinity")) {
      return sign * Double.POSITIVE_INFINITY;
    }
    if (unsigned.equals("nan")) {
      return Double.NaN;
    }
    StringBuilder ascii = new StringBuilder(body.length());
    for (int c : body.codePoints().toArray()) {
      ascii.appendCodePoint(
          c > 0x7f && CharacterClasses.isDecimal(c) ? '0' + Character.digit(c, 10) : c);
    }
    if (!FLOAT.matcher(ascii).matches() || !unsigned.matches("\\.?[\\p{Nd}].*")) {
      return null;
    }
    return Double.parseDouble(ascii.toString().replace("_", ""));
  }

  private static Value abs(Value input, Parameters.Bound args, Render render) {
    if (input instanceof Value.Real real) {
      return new Value.Real(Math.abs(real.value()));
    }
    if (!PythonNumbers.isInteger(input)) {
      throw input instanceof Undefined undefined
          ? undefined.failure()
          : EvaluationException.type("bad operand type for abs(): '" + Types.name(input) + "'");
    }
    return PythonNumbers.of(PythonNumbers.toBigInteger(input).abs());
  }

  private static Value round(Value input, Parameters.Bound args, Render render) {
    String method = Types.text(args.get(1, new Value.Str("common")));
    if (!"common".equals(method) && !"ceil".equals(method) && !"floor".equals(method)) {
      throw EvaluationException.error("FilterArgumentError: method must be common, ceil or floor");
    }
    if (!Types.isNumber(input)) {
      throw input instanceof Undefined undefined
          ? undefined.failure()
          : EvaluationException.type(
              "type " + Types.name(input) + " doesn't define __round__ method");
    }
    Value precision = args.get(0, new Value.Int(0));
    if ("common".equals(method)) {
      if (precision == Value.None.NONE) {
        return input instanceof Value.Real real
            ? rounded(real.value())
            : Arithmetic.positive(input);
      }
      int digits = Math.clamp(Types.requireInt(precision), -400, 400);
      return input instanceof Value.Real real
          ? new Value.Real(rounded(real.value(), digits))
          : roundInteger(PythonNumbers.toBigInteger(input), digits);
    }
    Value scale = Arithmetic.apply(ArithmeticOp.POWER, new Value.Int(10), precision, render);
    Value scaled = Arithmetic.apply(ArithmeticOp.MULTIPLY, input, scale, render);
    if (scaled instanceof Value.Real real) {
      double value = real.value();
      if (!Double.isFinite(value)) {
        throw EvaluationException.error("OverflowError: cannot convert float to integer");
      }
      scaled = truncate("ceil".equals(method) ? Math.ceil(value) : Math.floor(value));
    }
    return Arithmetic.apply(ArithmeticOp.DIVIDE, scaled, scale, render);
  }

  private static Value rounded(double value) {
    if (!Double.isFinite(value)) {
      throw EvaluationException.value("cannot convert float to integer");
    }
    return truncate(Math.rint(value));
  }

  private static double rounded(double value, int digits) {
    if (!Double.isFinite(value)) {
      return value;
    }
    double result = new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue();
    return result == 0 ? Math.copySign(0.0, value) : result;
  }

  private static Value roundInteger(BigInteger value, int digits) {
    if (digits >= 0) {
      return PythonNumbers.of(value);
    }
    return PythonNumbers.of(
        new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).toBigInteger());
  }
}
