package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.Macro;
import io.kvroute.tokenizer.jinja.values.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles macros and the bodies of call blocks. */
final class MacroCompiler {

  private final StatementCompiler statements;
  private final StatementCompiler.Context context;

  MacroCompiler(StatementCompiler statements, StatementCompiler.Context context) {
    this.statements = statements;
    this.context = context;
  }

  CompiledMacro compile(@Nullable String name, Stmt.Signature signature, List<Stmt> body, int line)
      throws TemplateException {
    FrameLayout layout = new FrameLayout(context.scope().layout());
    Scope scope = new Scope(layout, context.scope());
    signature.names().forEach(scope::parameter);
    signature.defaults().forEach(value -> ScopeAnalyzer.read(scope, value));
    ScopeAnalyzer.analyze(scope, body);
    List<Scope.Variable> parameters = new ArrayList<>();
    signature.names().forEach(parameter -> parameters.add(scope.parameter(parameter)));
    Set<String> special = NameSearch.readIn(body, Set.of("caller", "kwargs", "varargs"));
    int explicitCaller = signature.names().indexOf("caller");
    if (special.contains("caller")
        && explicitCaller >= 0
        && signature.defaultOf(explicitCaller) == null) {
      throw new TemplateException(line, "the argument 'caller' of a macro needs a default");
    }
    for (String extra : List.of("caller", "kwargs", "varargs")) {
      if (special.contains(extra) && !signature.names().contains(extra)) {
        parameters.add(scope.parameter(extra));
      }
    }
    CompiledStatement enter = statements.enter(scope);
    StatementCompiler.Context inner = new StatementCompiler.Context(scope, 2, false);
    List<CompiledExpression> defaults = new ArrayList<>();
    for (int i = 0; i < signature.names().size(); i++) {
      Expr value = signature.defaultOf(i);
      Undefined missing =
          Undefined.hint("parameter '" + signature.names().get(i) + "' was not provided");
      defaults.add(value == null ? (r, f) -> missing : inner.expressions(line).compile(value));
    }
    return new CompiledMacro(
        new Macro.Declaration(
            name,
            signature.names(),
            special.contains("caller") && explicitCaller < 0,
            special.contains("kwargs") && !signature.names().contains("kwargs"),
            special.contains("varargs") && !signature.names().contains("varargs")),
        layout,
        parameters,
        defaults,
        enter,
        statements.body(body, inner));
  }
}
