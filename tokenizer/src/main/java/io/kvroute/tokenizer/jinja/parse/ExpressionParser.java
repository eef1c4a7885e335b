package io.kvroute.tokenizer.jinja.parse;

import io.kvroute.tokenizer.jinja.lex.Token;
import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.ArithmeticOp;
import io.kvroute.tokenizer.jinja.values.CompareOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parses expressions with Jinja's precedence: {@code ~} binds tighter than {@code +}. */
final class ExpressionParser {

  private static final Map<String, ArithmeticOp> SUMS =
      Map.of("+", ArithmeticOp.ADD, "-", ArithmeticOp.SUBTRACT);
  private static final Map<String, ArithmeticOp> PRODUCTS =
      Map.of(
          "*", ArithmeticOp.MULTIPLY,
          "/", ArithmeticOp.DIVIDE,
          "//", ArithmeticOp.FLOOR_DIVIDE,
          "%", ArithmeticOp.MODULO);
  private static final Map<String, ArithmeticOp> POWERS = Map.of("**", ArithmeticOp.POWER);
  private static final Map<String, CompareOp> COMPARISONS =
      Map.of(
          "==", CompareOp.EQUAL,
          "!=", CompareOp.NOT_EQUAL,
          "<", CompareOp.LESS,
          "<=", CompareOp.LESS_OR_EQUAL,
          ">", CompareOp.GREATER,
          ">=", CompareOp.GREATER_OR_EQUAL);

  private interface Level {
    Expr parse() throws TemplateException;
  }

  private final TokenStream stream;
  private final PostfixParser postfix;

  ExpressionParser(TokenStream stream) {
    this.stream = stream;
    this.postfix = new PostfixParser(stream, this);
  }

  PostfixParser postfix() {
    return postfix;
  }

  Expr expression() throws TemplateException {
    stream.enter();
    int line = stream.current().line();
    Expr expr = or();
    while (stream.skipIfName("if")) {
      Expr test = or();
      Expr orElse = stream.skipIfName("else") ? expression() : null;
      expr = new Expr.Conditional(test, expr, orElse, line);
      line = stream.current().line();
    }
    stream.leave();
    return expr;
  }

  /**
   * Parses one expression, or several separated by commas, which form a tuple.
   *
   * @param conditional whether {@code a if b} is allowed here without parentheses
   * @param endName a name that ends the list after a comma
   * @param parenthesized whether an empty tuple is allowed
   */
  Expr tuple(boolean conditional, @Nullable String endName, boolean parenthesized)
      throws TemplateException {
    List<Expr> items = new ArrayList<>();
    boolean tuple = false;
    while (!atTupleEnd(endName)) {
      items.add(conditional ? expression() : or());
      if (!stream.current().is(",")) {
        break;
      }
      tuple = true;
      stream.next();
    }
    if (tuple || (items.isEmpty() && parenthesized)) {
      return new Expr.TupleOf(items);
    }
    if (items.isEmpty()) {
      throw stream.unexpected("an expression");
    }
    return items.getFirst();
  }

  private boolean atTupleEnd(@Nullable String endName) {
    Token token = stream.current();
    return token.kind() == Kind.VARIABLE_END
        || token.kind() == Kind.BLOCK_END
        || token.is(")")
        || (endName != null && token.isName(endName));
  }

  private Expr or() throws TemplateException {
    return logic("or", this::and);
  }

  private Expr and() throws TemplateException {
    return logic("and", this::not);
  }

  private Expr logic(String operator, Level level) throws TemplateException {
    Expr first = level.parse();
    if (!stream.current().isName(operator)) {
      return first;
    }
    List<Expr> operands = new ArrayList<>(List.of(first));
    while (stream.skipIfName(operator)) {
      operands.add(level.parse());
    }
    return new Expr.Logic(operator.equals("or"), operands);
  }

  private Expr not() throws TemplateException {
    if (!stream.skipIfName("not")) {
      return compare();
    }
    stream.enter();
    Expr operand = not();
    stream.leave();
    return new Expr.Not(operand);
  }

  private Expr compare() throws TemplateException {
    Expr first = sum();
    CompareOp operator = comparison();
    if (operator == null) {
      return first;
    }
    List<Expr> operands = new ArrayList<>(List.of(first));
    List<CompareOp> operators = new ArrayList<>();
    while (operator != null) {
      operators.add(operator);
      operands.add(sum());
      operator = comparison();
    }
    return new Expr.Compare(operands, operators);
  }

  private @Nullable CompareOp comparison() {
    Token token = stream.current();
    if (token.kind() == Kind.OPERATOR && COMPARISONS.containsKey(token.text())) {
      return COMPARISONS.get(stream.next().text());
    }
    if (stream.skipIfName("in")) {
      return CompareOp.IN;
    }
    if (token.isName("not") && stream.look().isName("in")) {
      stream.next();
      stream.next();
      return CompareOp.NOT_IN;
    }
    return null;
  }

  private Expr sum() throws TemplateException {
    return arithmetic(SUMS, this::concat);
  }

  private Expr concat() throws TemplateException {
    Expr first = product();
    if (!stream.current().is("~")) {
      return first;
    }
    List<Expr> operands = new ArrayList<>(List.of(first));
    while (stream.skipIf("~")) {
      operands.add(product());
    }
    return new Expr.Concat(operands);
  }

  private Expr product() throws TemplateException {
    return arithmetic(PRODUCTS, () -> arithmetic(POWERS, this::unary));
  }

  private Expr arithmetic(Map<String, ArithmeticOp> signs, Level level) throws TemplateException {
    Expr first = level.parse();
    ArithmeticOp operator = sign(signs);
    if (operator == null) {
      return first;
    }
    List<Expr> operands = new ArrayList<>(List.of(first));
    List<ArithmeticOp> operators = new ArrayList<>();
    while (operator != null) {
      operators.add(operator);
      operands.add(level.parse());
      operator = sign(signs);
    }
    return new Expr.Arithmetic(operands, operators);
  }

  private @Nullable ArithmeticOp sign(Map<String, ArithmeticOp> signs) {
    Token token = stream.current();
    if (token.kind() != Kind.OPERATOR || !signs.containsKey(token.text())) {
      return null;
    }
    return signs.get(stream.next().text());
  }

  private Expr unary() throws TemplateException {
    return postfix.filters(signed());
  }

  /**
   * Parses an operand with its sign: {@code -x.y} negates {@code x.y}, but {@code -x|f} filters
   * {@code -x}.
   */
  private Expr signed() throws TemplateException {
    Token token = stream.current();
    if (!token.is("-") && !token.is("+")) {
      return postfix.postfix(postfix.primary());
    }
    stream.next();
    stream.enter();
    Expr operand = signed();
    stream.leave();
    return postfix.postfix(new Expr.Negate(operand, token.is("+")));
  }
}
