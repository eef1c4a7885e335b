package io.kvroute.tokenizer.jinja;

import java.util.List;

/** A compiled statement. Immutable; what one execution needs is in the arguments. */
interface Step {

  /** How a statement ends: by going on, or by leaving or continuing the loop around it. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Render render, Frame frame);

  /** The steps as one. */
  static Step all(List<Step> steps) {
    if (steps.size() == 1) {
      return steps.getFirst();
    }
    Step[] array = steps.toArray(new Step[0]);
    return (render, frame) -> {
      for (Step step : array) {
        Flow flow = step.run(render, frame);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    };
  }
}
