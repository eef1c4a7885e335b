package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.values.Render;
import java.util.List;

/** A compiled statement. Immutable: all state of one execution is in the arguments. */
public interface CompiledStatement {

  /** How a statement ends: the next one follows, or the loop around it is left or continued. */
  enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  Flow run(Render render, Frame frame);

  /** Runs the statements in order, up to the first that leaves or continues a loop. */
  static CompiledStatement sequence(List<CompiledStatement> statements) {
    if (statements.size() == 1) {
      return statements.getFirst();
    }
    CompiledStatement[] array = statements.toArray(new CompiledStatement[0]);
    return (render, frame) -> {
      for (CompiledStatement statement : array) {
        Flow flow = statement.run(render, frame);
        if (flow != Flow.NEXT) {
          return flow;
        }
      }
      return Flow.NEXT;
    };
  }
}
