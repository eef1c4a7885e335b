package io.kvroute.tokenizer.jinja;

/** The arithmetic operators, each with the sign a template writes. */
enum ArithmeticOp {
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

  String sign() {
    return sign;
  }
}
