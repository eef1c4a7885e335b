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
 * Which variable a name means inside one scope of the template, decided before anything runs, by
 * the rules of Jinja's compiler ({@code jinja2/idtracking.py}): a name assigned anywhere in a scope
 * is a variable of that scope, which starts as a copy of the outer one.
 */
final class Scope {

  /** A place for a value: a slot in the frames of one function. */
  record Variable(FrameLayout function, int slot) {}

  /** What a variable holds when its scope is entered. */
  sealed interface Load {

    /** Set by whoever enters the scope. */
    record Parameter() implements Load {}

    /** Looked up among the variables of the request. */
    record Resolve(String name) implements Load {}

    /** A copy of a variable of an outer scope. */
    record Alias(Variable source) implements Load {}

    /** Nothing. */
    record Nothing() implements Load {}
  }

  private final FrameLayout function;
  private final @Nullable Scope parent;
  private final Map<String, Variable> own;
  private final Map<String, Variable> references;
  private final Map<Variable, Load> loads;
  private final Set<String> stores;

  /** A scope inside {@code parent}, whose variables live in the frames of {@code function}. */
  Scope(FrameLayout function, @Nullable Scope parent) {
    this(
        function, parent, new HashMap<>(), new HashMap<>(), new LinkedHashMap<>(), new HashSet<>());
  }

  private Scope(
      FrameLayout function,
      @Nullable Scope parent,
      Map<String, Variable> own,
      Map<String, Variable> references,
      Map<Variable, Load> loads,
      Set<String> stores) {
    this.function = function;
    this.parent = parent;
    this.own = own;
    this.references = references;
    this.loads = loads;
    this.stores = stores;
  }

  FrameLayout function() {
    return function;
  }

  Map<Variable, Load> loads() {
    return loads;
  }

  @Nullable Variable find(String name) {
    Variable variable = references.get(name);
    return variable != null || parent == null ? variable : parent.find(name);
  }

  private Variable define(String name, Load load) {
    Variable variable = own.computeIfAbsent(name, n -> function.newVariable());
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

  /** A copy to analyse one branch of a condition with. */
  Scope branch() {
    return new Scope(
        function,
        parent,
        own,
        new HashMap<>(references),
        new LinkedHashMap<>(loads),
        new HashSet<>(stores));
  }

  /**
   * Takes in what the branches of a condition assign: afterwards each may or may not be assigned.
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

  /** The names that a scope looks up among the variables of the request. */
  static void collectResolved(Collection<Load> loads, Set<String> names) {
    for (Load load : loads) {
      if (load instanceof Load.Resolve resolve && !GlobalFunctions.has(resolve.name())) {
        names.add(resolve.name());
      }
    }
  }
}
