package io.kvroute.tokenizer.jinja.format;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Python's formats {@code e}, {@code f} and {@code g} for doubles, correctly rounded. */
final class FloatFormat {

  private FloatFormat() {}

  /**
   * Formats a magnitude.
   *
   * @param value not negative
   * @param type e, f or g, or their capitals
   * @param alternate whether to keep a decimal point, and with g the zeros, that could be left out
   */
  static String format(double value, char type, int precision, boolean alternate) {
    String text;
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      text = Double.isNaN(value) ? "nan" : "inf";
    } else {
      BigDecimal exact = new BigDecimal(value);
      text =
          switch (Character.toLowerCase(type)) {
            case 'e' -> exponential(exact, precision, alternate);
            case 'f' -> {
              String fixed = exact.setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
              yield precision == 0 && alternate ? fixed + "." : fixed;
            }
            default ->
                general(exact, Math.max(1, precision), alternate, -4, Math.max(1, precision));
          };
    }
    return Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
  }

  private static String exponential(BigDecimal value, int precision, boolean alternate) {
    BigDecimal rounded = value.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    StringBuilder out = new StringBuilder();
    out.append(digits.charAt(0));
    if (precision > 0 || alternate) {
      out.append('.');
    }
    for (int i = 1; i <= precision; i++) {
      out.append(value.signum() != 0 && i < digits.length() ? digits.charAt(i) : '0');
    }
    return out.append(exponentText(exponent)).toString();
  }

  private static String exponentText(int exponent) {
    int magnitude = Math.abs(exponent);
    return (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + magnitude;
  }

  /**
   * Fixed notation if the exponent lies in [low, high), else exponential; without trailing zeros.
   */
  static String general(BigDecimal value, int precision, boolean alternate, int low, int high) {
    BigDecimal rounded = value.round(new MathContext(precision, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent < low || exponent >= high) {
      String text = exponential(value, precision - 1, alternate);
      int e = text.indexOf('e');
      return (alternate ? text.substring(0, e) : trimZeros(text.substring(0, e)))
          + text.substring(e);
    }
    String text =
        rounded
            .setScale(Math.max(0, precision - 1 - exponent), RoundingMode.HALF_EVEN)
            .toPlainString();
    return alternate ? (text.contains(".") ? text : text + ".") : trimZeros(text);
  }

  private static String trimZeros(String text) {
    if (text.indexOf('.') < 0) {
      return text;
    }
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
