package io.kvroute.tokenizer.jinja.values;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A macro, or the body of a call block, that a template can call.
 *
 * @param body the compiled body, with access to the variables around its definition
 */
public record Macro(Declaration declaration, Body body) implements Invocable, HasAttributes {

  /**
   * What a macro accepts.
   *
   * @param name its name; null for the body of a call block
   * @param parameters the names of its declared parameters
   * @param usesCaller whether the body reads {@code caller} and does not declare it as a parameter
   * @param usesKwargs whether keyword arguments without a parameter go into {@code kwargs}
   * @param usesVarargs whether surplus positional arguments go into {@code varargs}
   */
  public record Declaration(
      @Nullable String name,
      List<String> parameters,
      boolean usesCaller,
      boolean usesKwargs,
      boolean usesVarargs) {}

  /** Runs the macro. */
  public interface Body {

    /**
     * Returns the text that the macro prints.
     *
     * @param values a value for each declared parameter, null where the call leaves it out, then
     *     those of {@code caller}, {@code kwargs} and {@code varargs} that the body uses
     */
    Value run(List<@Nullable Value> values, Render render);
  }

  @Override
  public Value call(Args args, Render render) {
    List<@Nullable Value> values = new ArrayList<>();
    List<String> names = declaration.parameters();
    Map<String, Value> named = new LinkedHashMap<>(args.named());
    List<Value> positional = args.positional();
    boolean callerGiven = positional.size() >= names.size() && names.contains("caller");
    for (int i = 0; i < names.size(); i++) {
      if (i < positional.size()) {
        values.add(positional.get(i));
      } else {
        callerGiven |= names.get(i).equals("caller");
        values.add(named.remove(names.get(i)));
      }
    }
    if (declaration.usesCaller() && !callerGiven) {
      Value caller = named.remove("caller");
      values.add(
          caller == null || caller == Value.None.NONE
              ? Undefined.hint("No caller defined")
              : caller);
    }
    if (declaration.usesKwargs()) {
      values.add(toDict(named));
    } else if (!named.isEmpty()) {
      throw EvaluationException.type(
          "macro '"
              + declaration.name()
              + "' takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    if (declaration.usesVarargs()) {
      int from = Math.min(names.size(), positional.size());
      values.add(new Value.ListOf(positional.subList(from, positional.size()), true));
    } else if (positional.size() > names.size()) {
      throw EvaluationException.type(
          "macro '"
              + declaration.name()
              + "' takes not more than "
              + names.size()
              + " argument(s)");
    }
    return body.run(values, render);
  }

  @Override
  public @Nullable Value attribute(String name, Render render) {
    return switch (name) {
      case "name" ->
          declaration.name() == null ? Value.None.NONE : new Value.Str(declaration.name());
      case "arguments" ->
          new Value.ListOf(
              declaration.parameters().stream().<Value>map(Value.Str::new).toList(), true);
      case "catch_kwargs" -> Value.Bool.of(declaration.usesKwargs());
      case "catch_varargs" -> Value.Bool.of(declaration.usesVarargs());
      case "caller" ->
          Value.Bool.of(declaration.usesCaller() || declaration.parameters().contains("caller"));
      default -> null;
    };
  }

  private static Value toDict(Map<String, Value> named) {
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    named.forEach((name, value) -> entries.put(new Value.Str(name), value));
    return new Value.Dict(entries);
  }

  /** Macros are equal only to themselves. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
