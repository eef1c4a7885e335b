package io.kvroute.tokenizer.jinja.values;

/** The comparison operators, each with the sign a template writes. */
public enum CompareOp {
  EQUAL("=="),
  NOT_EQUAL("!="),
  LESS("<"),
  LESS_OR_EQUAL("<="),
  GREATER(">"),
  GREATER_OR_EQUAL(">="),
  IN("in"),
  NOT_IN("not in");

  private final String sign;

  CompareOp(String sign) {
    this.sign = sign;
  }

  String sign() {
    return sign;
  }
}
