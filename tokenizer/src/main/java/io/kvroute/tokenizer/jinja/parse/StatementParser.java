package io.kvroute.tokenizer.jinja.parse;

import io.kvroute.tokenizer.jinja.lex.Lexer;
import io.kvroute.tokenizer.jinja.lex.Token;
import io.kvroute.tokenizer.jinja.lex.Token.Kind;
import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Parses statements into a syntax tree. Rejects tags that load another template, because a chat
 * template has none to load.
 */
public final class StatementParser {

  private static final Set<String> LOADING =
      Set.of("include", "import", "from", "extends", "block");

  private final TokenStream stream;
  private final ExpressionParser expressions;
  private final TargetParser targets;

  /**
   * The number of loops around the current statement within its macro; break and continue need one.
   */
  private int loops;

  private StatementParser(TokenStream stream) {
    this.stream = stream;
    this.expressions = new ExpressionParser(stream);
    this.targets = new TargetParser(stream, expressions);
  }

  /** Parses a whole template. */
  public static List<Stmt> parse(String source) throws TemplateException {
    return new StatementParser(new TokenStream(Lexer.tokenize(source))).body(Set.of());
  }

  /** Parses statements up to a tag named in {@code ends}, which stays the current token. */
  private List<Stmt> body(Set<String> ends) throws TemplateException {
    stream.enter();
    List<Stmt> body = new ArrayList<>();
    while (true) {
      Token token = stream.next();
      switch (token.kind()) {
        case DATA -> body.add(new Stmt.Data(token.text()));
        case VARIABLE_BEGIN -> {
          body.add(new Stmt.Print(expressions.tuple(true, null, false), token.line()));
          stream.expect(Kind.VARIABLE_END);
        }
        case BLOCK_BEGIN -> {
          if (ends.contains(stream.current().text()) && stream.current().kind() == Kind.NAME) {
            stream.leave();
            return body;
          }
          statement(body);
          stream.expect(Kind.BLOCK_END);
        }
        default -> {
          if (!ends.isEmpty()) {
            throw new TemplateException(
                token.line(), "unexpected end of template (expected: one of " + ends + ")");
          }
          stream.leave();
          return body;
        }
      }
    }
  }

  /** Parses the body of a tag, from the end of its opening tag. */
  private List<Stmt> tagBody(String... ends) throws TemplateException {
    stream.skipIf(":");
    stream.expect(Kind.BLOCK_END);
    return body(Set.of(ends));
  }

  /** Parses the body of a tag and consumes the name of its closing tag. */
  private List<Stmt> bodyUntil(String end) throws TemplateException {
    List<Stmt> body = tagBody(end);
    stream.next();
    return body;
  }

  /**
   * Parses the body of a macro or call block. In Python it is a function, so a statement inside
   * cannot leave a loop outside.
   */
  private List<Stmt> functionBody(String end) throws TemplateException {
    int outer = loops;
    loops = 0;
    List<Stmt> body = bodyUntil(end);
    loops = outer;
    return body;
  }

  private void statement(List<Stmt> out) throws TemplateException {
    Token tag = stream.expect(Kind.NAME);
    int line = tag.line();
    switch (tag.text()) {
      case "if" -> out.add(conditional());
      case "for" -> out.add(loop(line));
      case "set" -> out.add(set(line));
      case "macro" -> out.add(macro(line));
      case "call" -> out.add(callBlock(line));
      case "filter" -> out.add(filterBlock(line));
      case "with" -> out.add(with(line));
      case "print" -> print(line, out);
      case "generation" -> out.add(new Stmt.Generation(functionBody("endgeneration"), line));
      case "break" -> out.add(new Stmt.Break(inLoop(tag)));
      case "continue" -> out.add(new Stmt.Continue(inLoop(tag)));
      default -> throw unknown(tag);
    }
  }

  private static TemplateException unknown(Token tag) {
    String what = LOADING.contains(tag.text()) ? "unsupported" : "unknown";
    return new TemplateException(tag.line(), what + " tag '" + tag.text() + "'");
  }

  private int inLoop(Token tag) throws TemplateException {
    if (loops == 0) {
      throw new TemplateException(tag.line(), "'" + tag.text() + "' outside loop");
    }
    return tag.line();
  }

  private Stmt conditional() throws TemplateException {
    List<Stmt.Branch> branches = new ArrayList<>();
    List<Stmt> orElse = List.of();
    while (true) {
      int line = stream.current().line();
      Expr test = expressions.tuple(false, null, false);
      branches.add(new Stmt.Branch(test, tagBody("elif", "else", "endif"), line));
      String end = stream.next().text();
      if (end.equals("elif")) {
        continue;
      }
      if (end.equals("else")) {
        orElse = bodyUntil("endif");
      }
      return new Stmt.If(branches, orElse);
    }
  }

  private Stmt loop(int line) throws TemplateException {
    Target target = targets.list("in");
    stream.expectName("in");
    Expr iterable = expressions.tuple(false, "recursive", false);
    Expr test = stream.skipIfName("if") ? expressions.expression() : null;
    boolean recursive = stream.skipIfName("recursive");
    loops++;
    List<Stmt> body = tagBody("endfor", "else");
    loops--;
    List<Stmt> orElse = List.of();
    if (stream.next().text().equals("else")) {
      orElse = bodyUntil("endfor");
    }
    return new Stmt.For(target, iterable, test, body, orElse, recursive, line);
  }

  private Stmt set(int line) throws TemplateException {
    Target target = targets.listWithNamespaces();
    if (stream.skipIf("=")) {
      return new Stmt.Set(target, expressions.tuple(true, null, false), line);
    }
    Expr.Filter filter = stream.skipIf("|") ? expressions.postfix().blockFilters() : null;
    return new Stmt.SetBlock(target, filter, bodyUntil("endset"), line);
  }

  private Stmt macro(int line) throws TemplateException {
    String name = targets.name();
    Stmt.Signature signature = signature();
    return new Stmt.Macro(name, signature, functionBody("endmacro"), line);
  }

  private Stmt.Signature signature() throws TemplateException {
    stream.expect("(");
    List<String> names = new ArrayList<>();
    List<Expr> defaults = new ArrayList<>();
    while (!stream.current().is(")")) {
      if (!names.isEmpty()) {
        stream.expect(",");
      }
      int line = stream.current().line();
      names.add(targets.name());
      if (stream.skipIf("=")) {
        defaults.add(expressions.expression());
      } else if (!defaults.isEmpty()) {
        throw new TemplateException(line, "non-default argument follows default argument");
      }
    }
    stream.expect(")");
    if (Set.copyOf(names).size() < names.size()) {
      throw new TemplateException(stream.current().line(), "duplicate argument in " + names);
    }
    return new Stmt.Signature(names, defaults);
  }

  private Stmt callBlock(int line) throws TemplateException {
    Stmt.Signature signature = stream.current().is("(") ? signature() : Stmt.Signature.EMPTY;
    if (!(expressions.expression() instanceof Expr.Call call)) {
      throw new TemplateException(line, "expected a call");
    }
    return new Stmt.CallBlock(signature, call, functionBody("endcall"), line);
  }

  private Stmt filterBlock(int line) throws TemplateException {
    Expr.Filter filter = expressions.postfix().blockFilters();
    return new Stmt.FilterBlock(filter, bodyUntil("endfilter"), line);
  }

  private Stmt with(int line) throws TemplateException {
    List<Target> names = new ArrayList<>();
    List<Expr> values = new ArrayList<>();
    while (stream.current().kind() != Kind.BLOCK_END) {
      if (!names.isEmpty()) {
        stream.expect(",");
      }
      names.add(targets.list("="));
      stream.expect("=");
      values.add(expressions.expression());
    }
    return new Stmt.With(names, values, bodyUntil("endwith"), line);
  }

  private void print(int line, List<Stmt> out) throws TemplateException {
    boolean first = true;
    while (stream.current().kind() != Kind.BLOCK_END) {
      if (!first) {
        stream.expect(",");
      }
      first = false;
      out.add(new Stmt.Print(expressions.expression(), line));
    }
  }
}
