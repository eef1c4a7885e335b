package io.kvroute.tokenizer.jinja.parse;

import io.kvroute.tokenizer.jinja.lex.Token;
import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses names and literals, and the subscripts, calls, filters and tests that follow them. */
final class PostfixParser {

  private static final int MAX_CHAIN = 200;

  private final TokenStream stream;
  private final ExpressionParser expressions;

  PostfixParser(TokenStream stream, ExpressionParser expressions) {
    this.stream = stream;
    this.expressions = expressions;
  }

  Expr primary() throws TemplateException {
    Token token = stream.current();
    return switch (token.kind()) {
      case NAME -> name(stream.next().text());
      case STRING -> string();
      case INTEGER, FLOAT -> new Expr.Const(stream.next().value());
      case OPERATOR ->
          switch (token.text()) {
            case "(" -> parenthesized();
            case "[" -> list();
            case "{" -> dict();
            default -> throw stream.unexpected("an expression");
          };
      default -> throw stream.unexpected("an expression");
    };
  }

  private static Expr name(String name) {
    return switch (name) {
      case "true", "True" -> new Expr.Const(Value.Bool.TRUE);
      case "false", "False" -> new Expr.Const(Value.Bool.FALSE);
      case "none", "None" -> new Expr.Const(Value.None.NONE);
      default -> new Expr.Name(name);
    };
  }

  private Expr string() {
    StringBuilder text = new StringBuilder(stream.next().text());
    while (stream.current().kind() == Kind.STRING) {
      text.append(stream.next().text());
    }
    return new Expr.Const(new Value.Str(text.toString()));
  }

  private Expr parenthesized() throws TemplateException {
    stream.next();
    Expr expr = expressions.tuple(true, null, true);
    stream.expect(")");
    return expr;
  }

  private Expr list() throws TemplateException {
    stream.next();
    List<Expr> items = new ArrayList<>();
    while (!stream.current().is("]")) {
      if (!items.isEmpty()) {
        stream.expect(",");
        if (stream.current().is("]")) {
          break;
        }
      }
      items.add(expressions.expression());
    }
    stream.expect("]");
    return new Expr.ListLiteral(items);
  }

  private Expr dict() throws TemplateException {
    stream.next();
    List<Expr.Pair> pairs = new ArrayList<>();
    while (!stream.current().is("}")) {
      if (!pairs.isEmpty()) {
        stream.expect(",");
        if (stream.current().is("}")) {
          break;
        }
      }
      Expr key = expressions.expression();
      stream.expect(":");
      pairs.add(new Expr.Pair(key, expressions.expression()));
    }
    stream.expect("}");
    return new Expr.DictLiteral(pairs);
  }

  /** Parses the subscripts and calls after an operand. */
  Expr postfix(Expr operand) throws TemplateException {
    Expr expr = operand;
    for (int length = 0; ; length++) {
      checkChain(length);
      if (stream.current().is(".")) {
        expr = dot(expr);
      } else if (stream.current().is("[")) {
        expr = brackets(expr);
      } else if (stream.current().is("(")) {
        expr = new Expr.Call(expr, arguments());
      } else {
        return expr;
      }
    }
  }

  /** Parses the filters and tests after an operand. */
  Expr filters(Expr operand) throws TemplateException {
    Expr expr = operand;
    for (int length = 0; ; length++) {
      checkChain(length);
      if (stream.skipIf("|")) {
        expr = filter(expr);
      } else if (stream.current().isName("is")) {
        expr = test(expr);
      } else if (stream.current().is("(")) {
        expr = new Expr.Call(expr, arguments());
      } else {
        return expr;
      }
    }
  }

  private void checkChain(int length) throws TemplateException {
    if (length > MAX_CHAIN) {
      throw new TemplateException(
          stream.current().line(),
          "expression too long (expected: at most " + MAX_CHAIN + " parts)");
    }
  }

  private Expr dot(Expr object) throws TemplateException {
    stream.next();
    Token attribute = stream.next();
    return switch (attribute.kind()) {
      case NAME -> new Expr.Attribute(object, attribute.text());
      case INTEGER -> new Expr.Item(object, new Expr.Const(attribute.value()));
      default -> throw new TemplateException(attribute.line(), "expected name or number after '.'");
    };
  }

  private Expr brackets(Expr object) throws TemplateException {
    stream.next();
    List<Expr> indexes = new ArrayList<>();
    while (!stream.current().is("]")) {
      if (!indexes.isEmpty()) {
        stream.expect(",");
      }
      indexes.add(index());
    }
    stream.expect("]");
    return new Expr.Item(
        object, indexes.size() == 1 ? indexes.getFirst() : new Expr.TupleOf(indexes));
  }

  private Expr index() throws TemplateException {
    Expr start = null;
    if (!stream.current().is(":")) {
      start = expressions.expression();
      if (!stream.current().is(":")) {
        return start;
      }
    }
    stream.next();
    Expr stop = sliceBound();
    Expr step = stream.skipIf(":") ? sliceBound() : null;
    return new Expr.Slice(start, stop, step);
  }

  private @Nullable Expr sliceBound() throws TemplateException {
    Token token = stream.current();
    return token.is(":") || token.is("]") || token.is(",") ? null : expressions.expression();
  }

  Expr.Arguments arguments() throws TemplateException {
    int line = stream.current().line();
    stream.expect("(");
    List<Expr> positional = new ArrayList<>();
    List<Expr.Named> named = new ArrayList<>();
    Expr star = null;
    Expr doubleStar = null;
    boolean first = true;
    while (!stream.current().is(")")) {
      if (!first) {
        stream.expect(",");
        if (stream.current().is(")")) {
          break;
        }
      }
      first = false;
      boolean keyword = stream.current().kind() == Kind.NAME && stream.look().is("=");
      boolean inOrder;
      if (stream.skipIf("*")) {
        inOrder = star == null && doubleStar == null;
        star = expressions.expression();
      } else if (stream.skipIf("**")) {
        inOrder = doubleStar == null;
        doubleStar = expressions.expression();
      } else if (keyword) {
        inOrder = doubleStar == null;
        String name = stream.next().text();
        stream.next();
        named.add(new Expr.Named(name, expressions.expression()));
      } else {
        inOrder = star == null && doubleStar == null && named.isEmpty();
        positional.add(expressions.expression());
      }
      if (!inOrder) {
        throw new TemplateException(line, "arguments of a call in the wrong order");
      }
    }
    stream.expect(")");
    return new Expr.Arguments(positional, named, star, doubleStar);
  }

  /** Parses the filters of a block, after the first bar. The last filter is the outermost. */
  Expr.Filter blockFilters() throws TemplateException {
    Expr.Filter filters = filter(null);
    for (int length = 1; stream.skipIf("|"); length++) {
      checkChain(length);
      filters = filter(filters);
    }
    return filters;
  }

  private Expr.Filter filter(@Nullable Expr input) throws TemplateException {
    int line = stream.current().line();
    return new Expr.Filter(input, dottedName(), optionalArguments(), line);
  }

  private String dottedName() throws TemplateException {
    StringBuilder name = new StringBuilder(stream.expectName());
    while (stream.skipIf(".")) {
      name.append('.').append(stream.expectName());
    }
    return name.toString();
  }

  private Expr.Arguments optionalArguments() throws TemplateException {
    return stream.current().is("(") ? arguments() : Expr.Arguments.NONE;
  }

  private Expr test(Expr input) throws TemplateException {
    int line = stream.next().line();
    boolean negated = stream.skipIfName("not");
    String name = dottedName();
    Expr.Arguments arguments;
    if (stream.current().is("(")) {
      arguments = arguments();
    } else if (startsTestArgument(stream.current())) {
      Expr argument = postfix(primary());
      arguments = new Expr.Arguments(List.of(argument), List.of(), null, null);
    } else {
      arguments = Expr.Arguments.NONE;
    }
    Expr test = new Expr.Test(input, name, arguments, line);
    return negated ? new Expr.Not(test) : test;
  }

  private boolean startsTestArgument(Token token) throws TemplateException {
    if (token.isName("is")) {
      throw new TemplateException(token.line(), "tests cannot be chained with 'is'");
    }
    return switch (token.kind()) {
      case NAME -> !token.isName("else") && !token.isName("or") && !token.isName("and");
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> token.is("[") || token.is("{");
      default -> false;
    };
  }
}
