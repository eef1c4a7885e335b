package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Map;

/** Renders templates in tests. */
final class Rendering {

  private Rendering() {}

  static String of(String template) throws TemplateException, RenderException {
    return of(template, "{}");
  }

  /** Renders with the variables of a JSON object. */
  static String of(String template, String variables) throws TemplateException, RenderException {
    Map<String, Value> values = JsonValues.variables(JsonValues.read(variables));
    return Template.compile(template)
        .render(values, RenderLimits.DEFAULT, RenderCorpusTest.GOLDEN_CLOCK);
  }
}
