package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.List;
import java.util.Map;

/** Any text compiles or is refused; whatever compiles renders or fails within its limits. */
class TemplateFuzzTest {

  private static final RenderLimits SMALL = new RenderLimits(20_000, 500, 100_000, 1_000_000);

  private static final Map<String, Value> VARIABLES =
      JsonValues.variables(
          JsonValues.read(
              """
              {"messages": [{"role": "user", "content": "Hi {{ x }}"},
                            {"role": "assistant", "content": null, "tool_calls": []}],
               "tools": null, "s": "text \\ud83d\\ude00", "n": 3, "f": 2.5, "l": [1, "a", null],
               "d": {"a": 1}, "t": true}
              """));

  @FuzzTest(maxDuration = "60s")
  void neverCrashes(FuzzedDataProvider data) {
    String source = data.consumeRemainingAsString();
    try {
      Template template = Template.compile(source);
      assertThat(template.undeclaredVariables()).isNotNull();
      assertThat(template.contentFormat()).isNotNull();
      String rendered = template.render(VARIABLES, SMALL, RenderCorpusTest.GOLDEN_CLOCK);
      assertThat(rendered.length()).isLessThanOrEqualTo(SMALL.maxOutputChars());
    } catch (TemplateException | RenderException expected) {
      assertThat(expected.getMessage()).isNotNull();
    }
  }

  /** Fuzzes the inside of a tag, which random text alone seldom reaches. */
  @FuzzTest(maxDuration = "60s")
  void neverCrashesOnAnExpression(FuzzedDataProvider data) {
    String expression = data.consumeRemainingAsString();
    for (String template :
        List.of("{{ " + expression + " }}", "{% set x = " + expression + " %}{{ x }}")) {
      try {
        String rendered =
            Template.compile(template).render(VARIABLES, SMALL, RenderCorpusTest.GOLDEN_CLOCK);
        assertThat(rendered.length()).isLessThanOrEqualTo(SMALL.maxOutputChars());
      } catch (TemplateException | RenderException expected) {
        assertThat(expected.getMessage()).isNotNull();
      }
    }
  }
}
