package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.values.Render;
import java.util.List;

/** A compiled statement. Immutable; what one execution needs is in the arguments. */
public interface CompiledStatement {

  /** How a statement ends: by going on, or by leaving or continuing the loop around it. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Render render, Frame frame);

  /** The steps as one. */
  static CompiledStatement all(List<CompiledStatement> steps) {
    if (steps.size() == 1) {
      return steps.getFirst();
    }
    CompiledStatement[] array = steps.toArray(new CompiledStatement[0]);
    return (render, frame) -> {
      for (CompiledStatement step : array) {
        Flow flow = step.run(render, frame);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    };
  }
}
