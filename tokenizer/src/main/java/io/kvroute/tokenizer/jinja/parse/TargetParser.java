package io.kvroute.tokenizer.jinja.parse;

import io.kvroute.tokenizer.jinja.lex.Token;
import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses the target of an assignment. */
final class TargetParser {

  private static final Set<String> CONSTANTS =
      Set.of("true", "false", "none", "True", "False", "None");

  private final TokenStream stream;
  private final ExpressionParser expressions;

  TargetParser(TokenStream stream, ExpressionParser expressions) {
    this.stream = stream;
    this.expressions = expressions;
  }

  String name() throws TemplateException {
    int line = stream.current().line();
    String name = stream.expectName();
    if (CONSTANTS.contains(name)) {
      throw new TemplateException(line, "can't assign to '" + name + "'");
    }
    return name;
  }

  /** Parses names separated by commas, up to the name or operator {@code end}. */
  Target list(String end) throws TemplateException {
    return list(end, false);
  }

  /**
   * Like {@link #list(String)}, up to the end of the tag, with {@code namespace.attribute} allowed.
   */
  Target listWithNamespaces() throws TemplateException {
    return list(null, true);
  }

  private Target list(@Nullable String end, boolean namespaces) throws TemplateException {
    List<Target> items = new ArrayList<>();
    boolean tuple = false;
    while (!atEnd(end)) {
      items.add(item(namespaces));
      if (!stream.current().is(",")) {
        break;
      }
      tuple = true;
      stream.next();
    }
    if (items.isEmpty()) {
      throw stream.unexpected("a name to assign to");
    }
    return tuple ? new Target.TupleOf(items) : items.getFirst();
  }

  private boolean atEnd(@Nullable String end) {
    Token token = stream.current();
    return token.kind() == Kind.BLOCK_END || token.is(")") || (end != null && token.isName(end));
  }

  private Target item(boolean namespaces) throws TemplateException {
    int line = stream.current().line();
    if (namespaces && stream.current().kind() == Kind.NAME && stream.look().is(".")) {
      String name = stream.expectName();
      stream.next();
      return new Target.NamespaceAttribute(name, stream.expectName());
    }
    return fromExpression(expressions.postfix().primary(), line);
  }

  private static Target fromExpression(Expr expr, int line) throws TemplateException {
    if (expr instanceof Expr.Name name) {
      return new Target.Name(name.name());
    }
    if (expr instanceof Expr.TupleOf tuple) {
      List<Target> items = new ArrayList<>();
      for (Expr item : tuple.items()) {
        items.add(fromExpression(item, line));
      }
      return new Target.TupleOf(items);
    }
    throw new TemplateException(line, "can't assign to this expression");
  }
}
