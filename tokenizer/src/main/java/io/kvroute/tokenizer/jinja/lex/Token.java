package io.kvroute.tokenizer.jinja.lex;

import io.kvroute.tokenizer.jinja.values.Value;

/**
 * One token of a template.
 *
 * @param kind the kind of token
 * @param line the line where it starts, counted from 1
 * @param text template text, name, operator or unescaped string
 * @param value a number's value
 */
public record Token(Kind kind, int line, String text, Value value) {

  public enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  public static Token of(Kind kind, int line, String text) {
    return new Token(kind, line, text, Value.None.NONE);
  }

  public boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  public boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  /** The token as error messages name it. */
  public String describe() {
    return switch (kind) {
      case DATA -> "template text";
      case VARIABLE_BEGIN -> "begin of print statement";
      case VARIABLE_END -> "end of print statement";
      case BLOCK_BEGIN -> "begin of statement block";
      case BLOCK_END -> "end of statement block";
      case END -> "end of template";
      case STRING -> "string";
      case INTEGER -> "integer";
      case FLOAT -> "float";
      case NAME, OPERATOR -> "'" + text + "'";
    };
  }
}
