package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules by which a name refers to a variable. */
class ScopeTest {

  @Test
  void anAssignmentInALoopEndsWithTheIteration() throws Exception {
    assertThat(
            Rendering.of(
                "{% set x = 0 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}"))
        .isEqualTo("01020");
  }

  @Test
  void aNamespaceOutlivesTheLoop() throws Exception {
    assertThat(
            Rendering.of(
                "{% set ns = namespace(n=0) %}{% for i in [1, 2] %}{% set ns.n = ns.n + i %}"
                    + "{% endfor %}{{ ns.n }}"))
        .isEqualTo("3");
  }

  @Test
  void onlyNamespacesAcceptAttributes() {
    assertThatThrownBy(() -> Rendering.of("{% set d.x = 1 %}", "{\"d\": {}}"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("non-namespace");
    assertThatThrownBy(() -> Rendering.of("{% set ns = namespace(_x=1) %}"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("underscore");
  }

  @Test
  void anAssignmentInAConditionOutlivesIt() throws Exception {
    String template = "{% if c %}{% set x = 1 %}{% endif %}{{ x }}";
    assertThat(Rendering.of(template, "{\"c\": true, \"x\": 5}")).isEqualTo("1");
    assertThat(Rendering.of(template, "{\"c\": false, \"x\": 5}")).isEqualTo("5");
  }

  @Test
  void aMacroSeesWhatIsSetAfterItsDefinition() throws Exception {
    assertThat(Rendering.of("{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}"))
        .isEqualTo("1");
    assertThat(
            Rendering.of(
                "{% macro m() %}{{ x }}{% endmacro %}{{ m() }}.{% set x = 1 %}", "{\"x\": 5}"))
        .isEqualTo(".");
  }

  @Test
  void requestVariablesHideGlobalFunctions() throws Exception {
    assertThat(Rendering.of("{{ range }}", "{\"range\": 3}")).isEqualTo("3");
  }

  @Test
  void findsTheVariablesThatATemplateReads() throws Exception {
    assertThat(
            Template.compile(
                    "{{ a }}{% set b = 1 %}{{ b }}{% for c in d if e %}{{ c }}{{ loop.index }}"
                        + "{% endfor %}{% macro m(f, g=h) %}{{ f ~ i }}{% endmacro %}"
                        + "{{ range(3) }}{% if j %}{% set k = 1 %}{% endif %}{{ k }}")
                .undeclaredVariables())
        .isEqualTo(Set.of("a", "d", "e", "h", "i", "j", "k"));
  }
}
