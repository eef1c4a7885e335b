package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import org.junit.jupiter.api.Test;

/** Macros, call blocks and loops. */
class MacroTest {

  @Test
  void defaultsSeeTheParametersBeforeThem() throws Exception {
    assertThat(Rendering.of("{% macro m(a, b=a ~ '!') %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}"))
        .isEqualTo("11!");
  }

  @Test
  void aMissingParameterIsUndefined() throws Exception {
    assertThat(Rendering.of("{% macro m(a) %}{{ a is defined }}{% endmacro %}{{ m() }}"))
        .isEqualTo("False");
  }

  @Test
  void extraArgumentsAreErrorsUnlessTheBodyReadsThem() throws Exception {
    assertThat(
            Rendering.of(
                "{% macro m(a) %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, *[3], x=4) }}"))
        .isEqualTo("(2, 3){'x': 4}");
    assertThatThrownBy(() -> Rendering.of("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("takes not more than 1 argument");
  }

  @Test
  void aCallBlockIsTheMacrosCaller() throws Exception {
    assertThat(
            Rendering.of(
                "{% macro m() %}<{{ caller('x') }}>{% endmacro %}"
                    + "{% call(a) m() %}{{ a }}{{ a }}{% endcall %}"))
        .isEqualTo("<xx>");
  }

  @Test
  void macrosAndLoopsRecurse() throws Exception {
    String tree = "{\"t\": [{\"v\": 1, \"c\": [{\"v\": 2, \"c\": []}]}, {\"v\": 3, \"c\": []}]}";
    assertThat(
            Rendering.of(
                "{% macro m(t) %}{% for n in t %}{{ n.v }}({{ m(n.c) }}){% endfor %}"
                    + "{% endmacro %}{{ m(t) }}",
                tree))
        .isEqualTo("1(2())3()");
    assertThat(
            Rendering.of(
                "{% for n in t recursive %}{{ loop.depth }}:{{ n.v }}({{ loop(n.c) }})"
                    + "{% endfor %}",
                tree))
        .isEqualTo("1:1(2:2())1:3()");
  }

  @Test
  void aLoopExposesItsPreviousAndNextItem() throws Exception {
    assertThat(
            Rendering.of(
                "{% for x in 'abc' %}{{ loop.previtem }}{{ x }}{{ loop.nextitem }}"
                    + "{{ '.' if loop.last else ',' }}{% endfor %}"))
        .isEqualTo("ab,abc,bc.");
  }

  @Test
  void aLoopWithAConditionCountsTheItemsThatSatisfyIt() throws Exception {
    assertThat(
            Rendering.of(
                "{% for i in range(5) if i % 2 %}{{ loop.index }}/{{ loop.length }}:{{ i }} "
                    + "{% else %}none{% endfor %}"))
        .isEqualTo("1/2:1 2/2:3 ");
  }

  @Test
  void breakAndContinueLeaveTheInnermostLoop() throws Exception {
    assertThat(
            Rendering.of(
                "{% for i in range(3) %}{% for j in range(9) %}{% if j == 1 %}{% continue %}"
                    + "{% elif j > 2 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}"))
        .isEqualTo("00 02 10 12 20 22 ");
    assertThatThrownBy(() -> Template.compile("{% macro m() %}{% break %}{% endmacro %}"))
        .isInstanceOf(TemplateException.class)
        .hasMessageContaining("outside loop");
  }

  @Test
  void elseRunsIfNoIterationReachedItsEnd() throws Exception {
    String template = "{% for i in l %}{% if i %}{% break %}{% endif %}.{% else %}e{% endfor %}";
    assertThat(Rendering.of(template, "{\"l\": []}")).isEqualTo("e");
    assertThat(Rendering.of(template, "{\"l\": [1]}")).isEqualTo("e");
    assertThat(Rendering.of(template, "{\"l\": [0, 1]}")).isEqualTo(".");
  }
}
