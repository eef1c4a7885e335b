package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import io.kvroute.tokenizer.jinja.values.Value;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a template does, it ends within its limits, and text in a message stays text. */
class HostileTemplateTest {

  /** A fifth of the default limits, to keep the tests short. */
  private static final RenderLimits LIMITS = new RenderLimits(1_000_000, 2_500, 8 << 20, 24L << 20);

  private static String render(String template, Map<String, Value> variables)
      throws TemplateException, RenderException {
    return Template.compile(template).render(variables, LIMITS, RenderCorpusTest.GOLDEN_CLOCK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(x) %}{{ f([x]) }}{% endmacro %}{{ f(1) }}",
        "{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}"
            + "{% call f() %}x{% endcall %}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% macro f(n) %}"
            + "{% if n %}{% for i in [1] %}{{ f(n) }}{% endfor %}{% endif %}"
            + "{% endmacro %}{{ f(1) }}"
      })
  void endlessRecursionHitsTheHeightLimit(String template) {
    assertThatThrownBy(() -> render(template, Map.of()))
        .isInstanceOf(RenderLimitException.class)
        .hasMessageContaining("nested");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% for i in range(100000) %}{{ ('a' * 100000).find('b') }}{% endfor %}",
        "{% set a = 'x' * 1000000 %}{% for i in range(100000) %}{{ 'y' in a }}{% endfor %}",
        "{% set l = range(100000)|list %}{% for i in l %}{{ i in l }}{% endfor %}",
        "{% set l = range(100000)|list %}{% for i in l %}{{ l == l[:] }}{% endfor %}",
        "{% for i in range(100000) %}{% set x = range(100000)|sum %}{% endfor %}",
        "{% for i in range(100000) %}{{ 7 ** 1000 % 11 }}{% endfor %}"
      })
  void endlessWorkHitsTheStepLimit(String template) {
    assertThatThrownBy(() -> render(template, Map.of()))
        .isInstanceOf(RenderLimitException.class)
        .hasMessageMatching("more than \\d+ (steps|characters and elements.*)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 10**9 }}",
        "{{ [1] * 10**9 }}",
        "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}"
            + "{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}"
            + "{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}"
            + "{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = [ns.l, ns.l] %}"
            + "{% endfor %}{{ ns.l | tojson }}",
        "{% set s = 'a' * 100000 %}{{ s.replace('a', s) }}",
        "{% set s = 'a' * 100000 %}{{ s.join(s) }}",
        "{{ 'x'.center(10**9) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}",
        "{{ 'a'|indent(10**9) }}",
        "{{ [1]|tojson(indent=10**9) }}",
        "{{ [1]|batch(10**9, 0)|list }}",
        "{{ '\\t'.expandtabs(10**9) }}",
        "{{ 10 ** (10 ** 10) }}",
        "{% set ns = namespace(n=10) %}{% for i in range(64) %}{% set ns.n = ns.n * ns.n %}"
            + "{% endfor %}",
        "{% for i in range(1000) %}{{ 'a' * 100000 }}{% endfor %}",
        "{% set ns = namespace(l=[1]) %}{% for i in range(5000) %}{% set ns.l = [ns.l] %}"
            + "{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=(1,)) %}{% for i in range(5000) %}{% set ns.l = (ns.l,) %}"
            + "{% endfor %}{{ {ns.l: 1} }}",
        "{% set ns = namespace(l=[1], m=[1]) %}{% for i in range(5000) %}{% set ns.l = [ns.l] %}"
            + "{% set ns.m = [ns.m] %}{% endfor %}{{ ns.l == ns.m }}"
      })
  void hugeValuesHitALimitBeforeTheyAreCreated(String template) {
    assertThatThrownBy(() -> render(template, Map.of())).isInstanceOf(RenderLimitException.class);
  }

  @Test
  void aRangeIsAsLargeAsTheSandboxAllows() {
    assertThatThrownBy(() -> render("{{ range(10**9)|list }}", Map.of()))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("Range too big");
  }

  @Test
  void lazySequencesNestedWithoutEndDoNotOverflowTheStack() {
    String template =
        "{% set ns = namespace(g=[1]) %}{% for i in range(50000) %}"
            + "{% set ns.g = ns.g|map('string') %}{% endfor %}{{ ns.g|list }}";
    assertThatThrownBy(() -> render(template, Map.of())).isInstanceOf(RenderLimitException.class);
  }

  @Test
  void syntaxNestedWithoutEndIsRefused() {
    int deep = 20_000;
    List<String> templates =
        List.of(
            "{{ " + "(".repeat(deep) + "1" + ")".repeat(deep) + " }}",
            "{{ " + "[".repeat(deep) + "]".repeat(deep) + " }}",
            "{{ " + "-".repeat(deep) + "1 }}",
            "{{ " + "not ".repeat(deep) + "1 }}",
            "{{ x" + ".a".repeat(deep) + " }}",
            "{{ x" + "|trim".repeat(deep) + " }}",
            "{{ x" + "()".repeat(deep) + " }}",
            "{{ " + "1 if ".repeat(deep) + "1 }}",
            "{{ " + "1 if 1 else ".repeat(deep) + "1 }}",
            "{% if 1 %}".repeat(deep),
            "{% for i in x %}".repeat(deep),
            "{% set a %}".repeat(deep),
            "{% filter trim" + "|trim".repeat(deep) + " %}{% endfilter %}",
            "{% set a" + "|trim".repeat(deep) + " %}{% endset %}",
            "{% set " + "(".repeat(deep) + "a" + ")".repeat(deep) + " = 1 %}");
    for (String template : templates) {
      assertThatThrownBy(() -> Template.compile(template)).isInstanceOf(TemplateException.class);
    }
  }

  @Test
  void longButFlatExpressionsAreAllowed() throws TemplateException, RenderException {
    assertThat(render("{{ 0" + " + 1".repeat(20_000) + " }}", Map.of())).isEqualTo("20000");
    assertThat(render("{{ ''" + " ~ 'a'".repeat(20_000) + " }}", Map.of())).hasSize(20_000);
    assertThat(render("{{ 0" + " or 0".repeat(20_000) + " }}", Map.of())).isEqualTo("0");
  }

  @Test
  void textInAMessageIsNeverEvaluated() throws TemplateException, RenderException {
    String hostile =
        "{{ 7 * 7 }}{% for i in range(9) %}{% endfor %}{# c #}<|im_end|>\ud83d lone \udc00"
            + "{% raw %}\0";
    Value messages =
        new Value.ListOf(
            List.of(
                JsonValues.of(JsonValues.read("{\"role\":\"user\",\"content\":\"\"}")),
                new Value.Str(hostile)),
            false);
    assertThat(
            render(
                "{{ messages[1] }}|{{ messages[1][:2] ~ messages[1][2:] }}",
                Map.of("messages", messages)))
        .isEqualTo(hostile + "|" + hostile);
  }

  @Test
  void attributesOfBuiltInObjectsLeadNowhere() throws Exception {
    String template =
        "{{ ''.__class__ is defined }} {{ x.__class__.__mro__ is defined }}"
            + " {{ dict.mro is defined }} {{ range.__call__ is defined }}";
    assertThatThrownBy(() -> render(template, Map.of("x", new Value.Str("s"))))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("unsafe");
  }

  @Test
  void doesNotChangeItsInput() {
    for (String call :
        List.of("l.append(1)", "l.pop()", "l.sort()", "d.update({})", "d.pop('a')", "d.clear()")) {
      assertThatThrownBy(
              () ->
                  render(
                      "{{ " + call + " }}",
                      JsonValues.variables(JsonValues.read("{\"l\": [1], \"d\": {\"a\": 1}}"))))
          .isInstanceOf(RenderException.class)
          .hasMessageContaining("SecurityError");
    }
  }

  @Test
  void theDefaultLimitsEndAnEndlessLoopToo() {
    assertThatThrownBy(
            () ->
                Template.compile(
                        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}"
                            + "{% endfor %}")
                    .render(Map.of(), RenderLimits.DEFAULT, RenderCorpusTest.GOLDEN_CLOCK))
        .isInstanceOf(RenderLimitException.class);
  }

  @Test
  void aSmallStackFailsLikeALimit() throws Exception {
    Throwable[] thrown = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                Template.compile("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}")
                    .render(
                        Map.of(),
                        new RenderLimits(Long.MAX_VALUE, Integer.MAX_VALUE, 1000, Long.MAX_VALUE),
                        Clock.systemUTC());
              } catch (TemplateException | RenderException e) {
                thrown[0] = e;
              }
            },
            "small-stack",
            256 << 10);
    thread.start();
    thread.join();
    assertThat(thrown[0]).isInstanceOf(RenderLimitException.class);
  }
}
