package io.kvroute.tokenizer.jinja.lex;

import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Value;
import io.kvroute.tokenizer.jinja.values.Whitespace;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Splits the text between the delimiters of a tag into names, literals and operators. */
final class TagLexer {

  private static final List<String> LONG_OPERATORS = List.of("//", "**", "==", "!=", ">=", "<=");
  private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";

  private final String source;
  private final String end;
  private final Deque<Character> open = new ArrayDeque<>();
  private int position;
  private int line;

  /**
   * Creates a lexer for one tag.
   *
   * @param start the index after the opening delimiter and its sign
   * @param end the closing delimiter
   */
  TagLexer(String source, int start, int line, String end) {
    this.source = source;
    this.position = start;
    this.line = line;
    this.end = end;
  }

  /**
   * Adds the tokens of the tag. Returns the index of the closing delimiter or of the sign before
   * it.
   */
  int run(List<Token> tokens) throws TemplateException {
    while (position < source.length()) {
      if (open.isEmpty() && atEnd()) {
        return position;
      }
      char c = source.charAt(position);
      if (Whitespace.isSpace(c)) {
        line += c == '\n' ? 1 : 0;
        position++;
      } else if (c >= '0' && c <= '9') {
        tokens.add(number());
      } else if (isWord(source.codePointAt(position))) {
        tokens.add(name());
      } else if (c == '\'' || c == '"') {
        tokens.add(string(c));
      } else {
        tokens.add(operator(c));
      }
    }
    throw new TemplateException(line, "unexpected end of template, expected '" + end + "'");
  }

  private boolean atEnd() {
    char c = source.charAt(position);
    boolean signed = c == '-' || (c == '+' && end.equals("%}"));
    return source.startsWith(end, signed ? position + 1 : position);
  }

  private static boolean isWord(int c) {
    return c == '_' || Character.isLetterOrDigit(c) || Character.isUnicodeIdentifierPart(c);
  }

  private Token name() throws TemplateException {
    int start = position;
    while (position < source.length() && isWord(source.codePointAt(position))) {
      position += Character.charCount(source.codePointAt(position));
    }
    String name = source.substring(start, position);
    int first = name.codePointAt(0);
    if (first != '_' && !Character.isUnicodeIdentifierStart(first)) {
      throw new TemplateException(line, "invalid character in identifier '" + name + "'");
    }
    return Token.of(Kind.NAME, line, name);
  }

  private Token string(char quote) throws TemplateException {
    int start = position + 1;
    int i = start;
    while (i < source.length() && source.charAt(i) != quote) {
      i += source.charAt(i) == '\\' ? 2 : 1;
    }
    if (i >= source.length()) {
      throw new TemplateException(line, "unexpected char " + quote + ": the string has no end");
    }
    String body = source.substring(start, i);
    int startLine = line;
    line += (int) body.chars().filter(c -> c == '\n').count();
    position = i + 1;
    try {
      return Token.of(Kind.STRING, startLine, StringLiteral.unescape(body));
    } catch (IllegalArgumentException e) {
      throw new TemplateException(startLine, String.valueOf(e.getMessage()));
    }
  }

  private Token operator(char c) throws TemplateException {
    for (String operator : LONG_OPERATORS) {
      if (source.startsWith(operator, position)) {
        position += 2;
        return Token.of(Kind.OPERATOR, line, operator);
      }
    }
    if (OPERATORS.indexOf(c) < 0) {
      throw new TemplateException(line, "unexpected char '" + c + "'");
    }
    switch (c) {
      case '{' -> open.push('}');
      case '(' -> open.push(')');
      case '[' -> open.push(']');
      case '}', ')', ']' -> close(c);
      default -> {}
    }
    position++;
    return Token.of(Kind.OPERATOR, line, String.valueOf(c));
  }

  private void close(char c) throws TemplateException {
    if (open.isEmpty()) {
      throw new TemplateException(line, "unexpected '" + c + "'");
    }
    char expected = open.pop();
    if (expected != c) {
      throw new TemplateException(line, "unexpected '" + c + "', expected '" + expected + "'");
    }
  }

  private Token number() throws TemplateException {
    int start = position;
    boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
    int digits = digits(start, 10);
    int fraction = charAt(digits) == '.' ? digits(digits + 1, 10) : -1;
    int mantissa = fraction > digits + 1 ? fraction : digits;
    int exponent = exponent(mantissa);
    if (!afterDot && (exponent > 0 || mantissa > digits)) {
      position = Math.max(mantissa, exponent);
      String text = source.substring(start, position).replace("_", "");
      return new Token(Kind.FLOAT, line, text, new Value.Real(Double.parseDouble(text)));
    }
    return integer(start, digits);
  }

  private Token integer(int start, int decimalEnd) {
    int radix =
        source.charAt(start) != '0'
            ? 10
            : switch (Character.toLowerCase(charAt(start + 1))) {
              case 'x' -> 16;
              case 'o' -> 8;
              case 'b' -> 2;
              default -> 10;
            };
    int digitsStart = charAt(start + 2) == '_' ? start + 3 : start + 2;
    int prefixed = radix == 10 ? -1 : digits(digitsStart, radix);
    String text;
    if (prefixed > digitsStart) {
      position = prefixed;
      text = source.substring(start + 2, prefixed);
    } else {
      radix = 10;
      position = source.charAt(start) == '0' ? zeros(start) : decimalEnd;
      text = source.substring(start, position);
    }
    BigInteger value = new BigInteger(text.replace("_", ""), radix);
    return new Token(Kind.INTEGER, line, text, PythonNumbers.of(value));
  }

  /** The end of a literal zero. Other digits may not follow a zero. */
  private int zeros(int start) {
    int i = start + 1;
    while (charAt(i) == '0' || (charAt(i) == '_' && charAt(i + 1) == '0')) {
      i++;
    }
    return i;
  }

  /** The end of an exponent that starts here, or -1. */
  private int exponent(int start) {
    if (charAt(start) != 'e' && charAt(start) != 'E') {
      return -1;
    }
    int sign = charAt(start + 1) == '+' || charAt(start + 1) == '-' ? 1 : 0;
    int end = digits(start + 1 + sign, 10);
    return end > start + 1 + sign ? end : -1;
  }

  /** The end of digits with single underscores between them; {@code start} if there are none. */
  private int digits(int start, int radix) {
    int i = start;
    while (isDigit(charAt(i), radix)
        || (i > start && charAt(i) == '_' && isDigit(charAt(i + 1), radix))) {
      i++;
    }
    return i;
  }

  private static boolean isDigit(char c, int radix) {
    return c < 0x80 && Character.digit(c, radix) >= 0;
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }
}
