package io.kvroute.tokenizer.jinja.values;

/** The arithmetic operators, each with the sign a template writes. */
public enum ArithmeticOp {
  ADD("+"),
  SUBTRACT("-"),
  MULTIPLY("*"),
  DIVIDE("/"),
  FLOOR_DIVIDE("//"),
  MODULO("%"),
  POWER("**");

  private final String sign;

  ArithmeticOp(String sign) {
    this.sign = sign;
  }

  public String sign() {
    return sign;
  }
}
