package io.kvroute.tokenizer.jinja.methods;

import io.kvroute.tokenizer.jinja.values.Arithmetic;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Method;
import io.kvroute.tokenizer.jinja.values.Parameters;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The attributes and methods of numbers. */
final class NumberMethods {

  private static final Set<String> UNSUPPORTED =
      Set.of("as_integer_ratio", "from_bytes", "fromhex", "hex", "to_bytes");

  private NumberMethods() {}

  static @Nullable Value get(Value number, String name) {
    boolean real = number instanceof Value.Real;
    return switch (name) {
      case "real" -> Arithmetic.positive(number);
      case "imag" -> real ? new Value.Real(0) : new Value.Int(0);
      case "conjugate" -> method(number, name, Arithmetic.positive(number));
      case "is_integer" ->
          method(number, name, Value.Bool.of(!real || isWhole(PythonNumbers.toDouble(number))));
      case "numerator" -> real ? null : Arithmetic.positive(number);
      case "denominator" -> real ? null : new Value.Int(1);
      case "bit_length" ->
          real
              ? null
              : method(
                  number,
                  name,
                  new Value.Int(PythonNumbers.toBigInteger(number).abs().bitLength()));
      case "bit_count" ->
          real
              ? null
              : method(
                  number, name, new Value.Int(PythonNumbers.toBigInteger(number).abs().bitCount()));
      default -> UNSUPPORTED.contains(name) ? unsupported(number, name) : null;
    };
  }

  private static boolean isWhole(double value) {
    return Double.isFinite(value) && value == Math.rint(value);
  }

  private static Value method(Value number, String name, Value result) {
    Parameters none = Parameters.of(name, 0);
    return new Method(
        number,
        name,
        (object, args, render) -> {
          none.bind(args);
          return result;
        });
  }

  private static Value unsupported(Value number, String name) {
    return new Method(
        number,
        name,
        (object, args, render) -> {
          throw EvaluationException.limit("the method '" + name + "' of numbers is not supported");
        });
  }
}
