package io.kvroute.tokenizer.jinja.parse;

import io.kvroute.tokenizer.jinja.lex.Token;
import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import java.util.List;

/** A cursor over the tokens of a template, with a limit on how deeply its syntax nests. */
final class TokenStream {

  /** Maximum nesting of statements, brackets and unary operators. */
  static final int MAX_NESTING = 100;

  private final List<Token> tokens;
  private int position;
  private int nesting;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(position);
  }

  Token look() {
    return tokens.get(Math.min(position + 1, tokens.size() - 1));
  }

  /** Advances by one token and returns the one it leaves. */
  Token next() {
    Token token = current();
    position = Math.min(position + 1, tokens.size() - 1);
    return token;
  }

  boolean skipIf(String operator) {
    if (current().is(operator)) {
      next();
      return true;
    }
    return false;
  }

  boolean skipIfName(String name) {
    if (current().isName(name)) {
      next();
      return true;
    }
    return false;
  }

  Token expect(Kind kind) throws TemplateException {
    if (current().kind() != kind) {
      throw unexpected(Token.of(kind, 0, "").describe());
    }
    return next();
  }

  String expectName() throws TemplateException {
    if (current().kind() != Kind.NAME) {
      throw unexpected("a name");
    }
    return next().text();
  }

  void expect(String operator) throws TemplateException {
    if (!skipIf(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) throws TemplateException {
    if (!skipIfName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  TemplateException unexpected(String expected) {
    return new TemplateException(
        current().line(), "unexpected " + current().describe() + " (expected: " + expected + ")");
  }

  void enter() throws TemplateException {
    if (++nesting > MAX_NESTING) {
      throw new TemplateException(
          current().line(), "nested too deeply (expected: at most " + MAX_NESTING + " levels)");
    }
  }

  void leave() {
    nesting--;
  }
}
