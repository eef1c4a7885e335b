package io.kvroute.tokenizer.jinja.compile;

import io.kvroute.tokenizer.jinja.values.Macro;
import io.kvroute.tokenizer.jinja.values.Output;
import io.kvroute.tokenizer.jinja.values.Render;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled macro.
 *
 * @param parameters a variable for each declared parameter, then one for each of {@code caller},
 *     {@code kwargs} and {@code varargs} that the body reads
 * @param defaults for each declared parameter, its value where the call leaves it out
 */
record CompiledMacro(
    Macro.Declaration declaration,
    FrameLayout layout,
    List<Scope.Variable> parameters,
    List<CompiledExpression> defaults,
    CompiledStatement enter,
    CompiledStatement body) {

  /** The macro as a value. Its body reads the variables of the frame in which it was defined. */
  Macro definedIn(Frame frame) {
    return new Macro(declaration, (values, render) -> run(values, frame, render));
  }

  private Value run(List<@Nullable Value> values, Frame outer, Render render) {
    render.step();
    render.enter(layout.height());
    Frame frame = layout.newFrame(outer);
    for (int i = 0; i < parameters.size(); i++) {
      frame.set(0, parameters.get(i).slot(), values.get(i));
    }
    Output out = render.startCapture();
    enter.run(render, frame);
    for (int i = 0; i < defaults.size(); i++) {
      int slot = parameters.get(i).slot();
      if (frame.get(0, slot) == null) {
        frame.set(0, slot, defaults.get(i).eval(render, frame));
      }
    }
    body.run(render, frame);
    render.leave(layout.height());
    return new Value.Str(render.endCapture(out));
  }
}
