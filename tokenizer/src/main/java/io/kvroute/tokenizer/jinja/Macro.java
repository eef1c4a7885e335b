package io.kvroute.tokenizer.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A macro, or the body of a call block, with the frame it was defined in. */
record Macro(MacroCode code, Frame frame) implements Invocable {

  @Override
  public Value call(Args args, Render render) {
    List<@Nullable Value> values = new ArrayList<>();
    List<String> names = code.signature().names();
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
    if (code.usesCaller() && !callerGiven) {
      Value caller = named.remove("caller");
      values.add(
          caller == null || caller == Value.None.NONE
              ? Undefined.hint("No caller defined")
              : caller);
    }
    if (code.usesKwargs()) {
      values.add(toDict(named));
    } else if (!named.isEmpty()) {
      throw Failure.type(
          "macro '"
              + code.name()
              + "' takes no keyword argument '"
              + named.keySet().iterator().next()
              + "'");
    }
    if (code.usesVarargs()) {
      int from = Math.min(names.size(), positional.size());
      values.add(new Value.ListOf(positional.subList(from, positional.size()), true));
    } else if (positional.size() > names.size()) {
      throw Failure.type(
          "macro '" + code.name() + "' takes not more than " + names.size() + " argument(s)");
    }
    return code.run(values, frame, render);
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
