package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.filters.GlobalFunctions;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Resolves names to variables inside one scope of the template, at compile time, by the rules of
 * Jinja's compiler ({@code jinja2/idtracking.py}): a name that is assigned anywhere in a scope is a
 * variable of that scope, and starts as a copy of the variable of the same name outside.
 *
 * <p>Example:
 *
 * <pre>{@code
 * {% set n = 1 %}          n of the template: slot 0
 * {% for m in messages %}  m: slot 1; the loop assigns n, so it has its own n: slot 2
 *   {% set n = n + 1 %}    slot 2, which starts each iteration as a copy of slot 0
 * {% endfor %}
 * {{ n }}                  slot 0, still 1
 * }</pre>
 */
final class Scope {

  /** A slot in the frames of one layout. */
  record Variable(FrameLayout layout, int slot) {}

  /** The value of a variable when its scope is entered. */
  sealed interface Load {

    /** Whoever enters the scope sets it: a macro its parameters, a loop its item. */
    record Parameter() implements Load {}

    /** A variable of the request, or else a global function. */
    record Resolve(String name) implements Load {}

    /** A copy of a variable of an outer scope. */
    record Alias(Variable source) implements Load {}

    /** Unassigned. */
    record Nothing() implements Load {}
  }

  private final FrameLayout layout;
  private final @Nullable Scope parent;
  private final Map<String, Variable> own;
  private final Map<String, Variable> references;
  private final Map<Variable, Load> loads;
  private final Set<String> stores;

  /** Creates a scope inside {@code parent} whose variables live in frames of {@code layout}. */
  Scope(FrameLayout layout, @Nullable Scope parent) {
    this(layout, parent, new HashMap<>(), new HashMap<>(), new LinkedHashMap<>(), new HashSet<>());
  }

  private Scope(
      FrameLayout layout,
      @Nullable Scope parent,
      Map<String, Variable> own,
      Map<String, Variable> references,
      Map<Variable, Load> loads,
      Set<String> stores) {
    this.layout = layout;
    this.parent = parent;
    this.own = own;
    this.references = references;
    this.loads = loads;
    this.stores = stores;
  }

  FrameLayout layout() {
    return layout;
  }

  Map<Variable, Load> loads() {
    return loads;
  }

  @Nullable Variable find(String name) {
    Variable variable = references.get(name);
    return variable != null || parent == null ? variable : parent.find(name);
  }

  private Variable define(String name, Load load) {
    Variable variable = own.computeIfAbsent(name, n -> layout.newVariable());
    references.put(name, variable);
    loads.put(variable, load);
    return variable;
  }

  void load(String name) {
    if (find(name) == null) {
      define(name, new Load.Resolve(name));
    }
  }

  void store(String name) {
    stores.add(name);
    if (!references.containsKey(name)) {
      Variable outer = parent == null ? null : parent.find(name);
      define(name, outer == null ? new Load.Nothing() : new Load.Alias(outer));
    }
  }

  Variable parameter(String name) {
    stores.add(name);
    return define(name, new Load.Parameter());
  }

  /** A copy with which to analyze one branch of a condition. */
  Scope branch() {
    return new Scope(
        layout,
        parent,
        own,
        new HashMap<>(references),
        new LinkedHashMap<>(loads),
        new HashSet<>(stores));
  }

  /**
   * Merges what the branches of a condition assign. Afterwards such a variable may or may not be
   * assigned, so it starts as the outer variable or as a variable of the request.
   */
  void merge(List<Scope> branches) {
    Set<String> assigned = new HashSet<>();
    branches.forEach(branch -> assigned.addAll(branch.stores));
    assigned.removeAll(stores);
    for (Scope branch : branches) {
      references.putAll(branch.references);
      loads.putAll(branch.loads);
      stores.addAll(branch.stores);
    }
    for (String name : assigned) {
      Variable variable = find(name);
      if (variable != null) {
        Variable outer = parent == null ? null : parent.find(name);
        loads.put(variable, outer == null ? new Load.Resolve(name) : new Load.Alias(outer));
      }
    }
  }

  /** Collects the names that a scope reads from the variables of the request. */
  static void collectResolved(Collection<Load> loads, Set<String> names) {
    for (Load load : loads) {
      if (load instanceof Load.Resolve resolve && !GlobalFunctions.has(resolve.name())) {
        names.add(resolve.name());
      }
    }
  }
}
