package io.kvroute.tokenizer.jinja.values;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a built-in function, filter or method. Binds the arguments of a call to them.
 */
public final class Parameters {

  private final String function;
  private final int required;
  private final int positionalOnly;
  private final List<String> names;

  private Parameters(String function, int required, int positionalOnly, List<String> names) {
    this.function = function;
    this.required = required;
    this.positionalOnly = positionalOnly;
    this.names = names;
  }

  /** Parameters that may be passed by name. The first {@code required} have no default. */
  public static Parameters of(String function, int required, String... names) {
    return new Parameters(function, required, 0, List.of(names));
  }

  /** Parameters that can only be passed by position. */
  public static Parameters positional(String function, int required, int count) {
    return new Parameters(function, required, count, Collections.nCopies(count, "argument"));
  }

  /** Binds the arguments: the value of each parameter, null where the call leaves it out. */
  public Bound bind(Args args) {
    @Nullable Value[] values = new @Nullable Value[names.size()];
    int given = args.positional().size();
    if (given > values.length) {
      throw EvaluationException.type(
          function + "() takes at most " + values.length + " arguments (" + given + " given)");
    }
    for (int i = 0; i < given; i++) {
      values[i] = args.positional().get(i);
    }
    for (Map.Entry<String, Value> entry : args.named().entrySet()) {
      int index = positionalOnly > 0 ? -1 : names.indexOf(entry.getKey());
      if (index < 0 || values[index] != null) {
        throw EvaluationException.type(
            function + "() got an unexpected keyword argument '" + entry.getKey() + "'");
      }
      values[index] = entry.getValue();
    }
    for (int i = 0; i < required; i++) {
      if (values[i] == null) {
        throw EvaluationException.type(function + "() missing required argument " + (i + 1));
      }
    }
    return new Bound(values);
  }

  /** Bound arguments by the index of their parameter. */
  public static final class Bound {

    private final @Nullable Value[] values;

    private Bound(@Nullable Value[] values) {
      this.values = values;
    }

    public @Nullable Value get(int index) {
      return values[index];
    }

    public Value get(int index, Value missing) {
      Value value = values[index];
      return value == null ? missing : value;
    }

    /** A required argument. */
    public Value require(int index) {
      return get(index, Value.None.NONE);
    }

    /** An integer argument. */
    public int getInt(int index, int missing) {
      Value value = values[index];
      return value == null ? missing : Types.requireInt(value);
    }

    public boolean isTrue(int index) {
      Value value = values[index];
      return value != null && Types.truth(value);
    }

    public boolean isMissingOrNone(int index) {
      return values[index] == null || values[index] == Value.None.NONE;
    }
  }
}
