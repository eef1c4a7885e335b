package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.syntax.Target;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.EvaluationException;
import io.kvroute.tokenizer.jinja.values.Iteration;
import io.kvroute.tokenizer.jinja.values.Namespace;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A compiled target of an assignment. */
sealed interface CompiledTarget {

  void assign(Value value, Frame frame, Render render);

  /** Fails if the target is an attribute of something other than a namespace. */
  default void check(Frame frame) {}

  static CompiledTarget to(Target target, Scope scope) throws TemplateException {
    return switch (target) {
      case Target.Name name -> {
        Scope.Variable variable = variable(name.name(), scope);
        yield new ToVariable(scope.layout().hopsTo(variable.layout()), variable.slot());
      }
      case Target.NamespaceAttribute attribute -> {
        Scope.Variable variable = variable(attribute.name(), scope);
        int hops = scope.layout().hopsTo(variable.layout());
        yield new ToNamespace(hops, variable.slot(), attribute.attribute());
      }
      case Target.TupleOf tuple -> {
        List<CompiledTarget> items = new ArrayList<>();
        for (Target item : tuple.items()) {
          items.add(to(item, scope));
        }
        yield new Unpack(items);
      }
    };
  }

  private static Scope.Variable variable(String name, Scope scope) {
    Scope.Variable variable = scope.find(name);
    if (variable == null) {
      throw new IllegalStateException("'" + name + "' was not analysed");
    }
    return variable;
  }

  record ToVariable(int hops, int slot) implements CompiledTarget {
    @Override
    public void assign(Value value, Frame frame, Render render) {
      frame.set(hops, slot, value);
    }
  }

  record ToNamespace(int hops, int slot, String attribute) implements CompiledTarget {
    @Override
    public void assign(Value value, Frame frame, Render render) {
      namespace(frame).set(attribute, value);
    }

    @Override
    public void check(Frame frame) {
      namespace(frame);
    }

    private Namespace namespace(Frame frame) {
      if (frame.get(hops, slot) instanceof Namespace namespace) {
        return namespace;
      }
      throw EvaluationException.error(
          "TemplateRuntimeError: cannot assign attribute on non-namespace object");
    }
  }

  record Unpack(List<CompiledTarget> targets) implements CompiledTarget {
    @Override
    public void assign(Value value, Frame frame, Render render) {
      Iterator<Value> items = Iteration.of(value, render);
      List<Value> values = new ArrayList<>(targets.size());
      while (items.hasNext() && values.size() <= targets.size()) {
        values.add(items.next());
      }
      if (values.size() != targets.size()) {
        throw EvaluationException.value(
            (values.size() < targets.size() ? "not enough" : "too many")
                + " values to unpack (expected "
                + targets.size()
                + ")");
      }
      for (int i = 0; i < targets.size(); i++) {
        targets.get(i).assign(values.get(i), frame, render);
      }
    }

    @Override
    public void check(Frame frame) {
      targets.forEach(target -> target.check(frame));
    }
  }
}
