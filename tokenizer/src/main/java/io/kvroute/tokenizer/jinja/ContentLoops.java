package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.syntax.Expr;
import io.kvroute.tokenizer.jinja.syntax.Statements;
import io.kvroute.tokenizer.jinja.syntax.Stmt;
import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Detects whether a template loops over the content of messages, by the rule of vLLM 0.33 ({@code
 * _iter_nodes_assign_content_item}). The rule follows names through assignments, namespace
 * attributes and macro parameters, and ignores scopes.
 *
 * <p>Example: {@code {% for part in message.content %}} inside {@code {% for message in messages
 * %}} matches; {@code {{ message.content }}} does not.
 */
final class ContentLoops {

  private static final String CONTENT = "content";

  private final List<Stmt.Set> assignments = new ArrayList<>();
  private final List<Stmt.For> loops = new ArrayList<>();
  private final List<Stmt.Macro> macros = new ArrayList<>();
  private final List<Expr.Call> calls = new ArrayList<>();

  /**
   * A loop over messages unpacks its items. Detection in vLLM fails there and falls back to
   * "string".
   */
  private static final class Undecided extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private ContentLoops(List<Stmt> template) {
    Statements.forEach(
        template,
        stmt -> {
          switch (stmt) {
            case Stmt.Set set -> assignments.add(set);
            case Stmt.For loop -> loops.add(loop);
            case Stmt.Macro macro -> macros.add(macro);
            default -> {}
          }
          Statements.expressions(stmt).forEach(this::collectCalls);
        });
  }

  static boolean present(List<Stmt> template) {
    try {
      return new ContentLoops(template).search();
    } catch (Undecided e) {
      return false;
    }
  }

  private void collectCalls(Expr root) {
    Deque<Expr> pending = new ArrayDeque<>(List.of(root));
    while (!pending.isEmpty()) {
      Expr expr = pending.pop();
      if (expr instanceof Expr.Call call) {
        calls.add(call);
      }
      expr.children().forEach(pending::push);
    }
  }

  private boolean search() throws Undecided {
    List<String> messages = messageVariables();
    Set<Stmt.For> inMacros = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
    IdentityHashMap<Stmt.For, Set<String>> contentParameters = new IdentityHashMap<>();
    for (Stmt.Macro macro : macros) {
      Set<String> parameters = parametersGivenContent(macro, messages);
      Statements.forEach(
          macro.body(),
          stmt -> {
            if (stmt instanceof Stmt.For loop) {
              inMacros.add(loop);
              if (!parameters.isEmpty()) {
                contentParameters.put(loop, parameters);
              }
            }
          });
    }
    for (Stmt.For loop : loops) {
      boolean overContent = isContent(loop.iterable(), messages);
      if (!overContent && loop.iterable() instanceof Expr.Name name) {
        overContent =
            contentParameters.getOrDefault(loop, Set.of()).contains(name.name())
                || (!inMacros.contains(loop) && name.name().equals(CONTENT));
      }
      if (overContent) {
        variable(loop);
        return true;
      }
    }
    return false;
  }

  private static String variable(Stmt.For loop) throws Undecided {
    if (loop.target() instanceof Target.Name name) {
      return name.name();
    }
    throw new Undecided();
  }

  /** The loop variables of all loops over the messages or over an alias of them. */
  private List<String> messageVariables() throws Undecided {
    Set<String> lists = aliasesOfMessages();
    List<String> variables = new ArrayList<>();
    for (Stmt.For loop : loops) {
      if (lists.stream().anyMatch(name -> isPartOf(loop.iterable(), name))) {
        variables.add(variable(loop));
      }
    }
    return variables;
  }

  private Set<String> aliasesOfMessages() {
    Set<String> seen = new LinkedHashSet<>(List.of("messages"));
    Deque<String> pending = new ArrayDeque<>(seen);
    while (!pending.isEmpty()) {
      String source = pending.pop();
      for (Stmt.Set set : assignments) {
        for (String alias : aliases(set, source)) {
          if (seen.add(alias)) {
            pending.add(alias);
          }
        }
      }
    }
    return seen;
  }

  /**
   * The names, or dotted namespace attributes, that an assignment makes aliases of {@code source}.
   */
  private static List<String> aliases(Stmt.Set set, String source) {
    List<String> aliases = new ArrayList<>();
    boolean direct = isPartOf(set.value(), source);
    switch (set.target()) {
      case Target.Name name -> {
        if (direct) {
          aliases.add(name.name());
        }
        if (set.value() instanceof Expr.Call call
            && call.callee() instanceof Expr.Name function
            && function.name().equals("namespace")) {
          for (Expr.Named argument : call.arguments().named()) {
            if (isPartOf(argument.value(), source)) {
              aliases.add(name.name() + "." + argument.name());
            }
          }
        }
      }
      case Target.NamespaceAttribute attribute -> {
        if (direct) {
          aliases.add(attribute.name() + "." + attribute.attribute());
        }
      }
      case Target.TupleOf tuple -> {}
    }
    return aliases;
  }

  private Set<String> parametersGivenContent(Stmt.Macro macro, List<String> messages) {
    List<String> names = macro.signature().names();
    Set<String> given = new HashSet<>();
    for (Expr.Call call : calls) {
      if (!(call.callee() instanceof Expr.Name name) || !name.name().equals(macro.name())) {
        continue;
      }
      List<Expr> positional = call.arguments().positional();
      Map<String, Expr> byName = new HashMap<>();
      for (int i = 0; i < Math.min(positional.size(), names.size()); i++) {
        if (isContent(positional.get(i), messages)) {
          given.add(names.get(i));
        }
      }
      call.arguments().named().forEach(argument -> byName.put(argument.name(), argument.value()));
      byName.forEach(
          (parameter, value) -> {
            if (names.contains(parameter) && isContent(value, messages)) {
              given.add(parameter);
            }
          });
    }
    return given;
  }

  /**
   * Whether the expression is {@code message.content} of one of the variables, perhaps filtered or
   * sliced.
   */
  private static boolean isContent(Expr expr, List<String> messages) {
    Expr inner = unwrap(expr);
    return messages.stream().anyMatch(message -> isContentOf(inner, message));
  }

  private static boolean isContentOf(Expr expr, String message) {
    return switch (expr) {
      case Expr.Item item ->
          isVariable(item.object(), message)
              && item.index() instanceof Expr.Const constant
              && constant.value().equals(new Value.Str(CONTENT));
      case Expr.Attribute attribute ->
          attribute.name().equals(CONTENT) && isVariable(attribute.object(), message);
      default -> false;
    };
  }

  private static boolean isPartOf(Expr expr, String name) {
    return isVariable(unwrap(expr), name);
  }

  /** The expression without filters, tests and slices around it. */
  private static Expr unwrap(Expr wrapped) {
    Expr expr = wrapped;
    while (true) {
      Expr inner =
          switch (expr) {
            case Expr.Filter filter -> filter.input();
            case Expr.Test test -> test.input();
            case Expr.Item item -> item.index() instanceof Expr.Slice ? item.object() : null;
            default -> null;
          };
      if (inner == null) {
        return expr;
      }
      expr = inner;
    }
  }

  /** Whether the expression reads the variable, or the attribute that a dotted name stands for. */
  private static boolean isVariable(Expr expr, String name) {
    return switch (expr) {
      case Expr.Name variable -> variable.name().equals(name);
      case Expr.Attribute attribute -> {
        int dot = name.lastIndexOf('.');
        yield dot >= 0
            && attribute.name().equals(name.substring(dot + 1))
            && isVariable(attribute.object(), name.substring(0, dot));
      }
      default -> false;
    };
  }
}
