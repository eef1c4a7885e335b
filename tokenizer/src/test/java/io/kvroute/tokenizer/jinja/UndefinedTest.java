package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Missing values, and the errors that their use causes. */
class UndefinedTest {

  @Test
  void aMissingValuePrintsNothingAndIsEmpty() throws Exception {
    assertThat(
            Rendering.of(
                "[{{ x }}{{ d.x }}{{ x|length }}{% for i in x %}{% endfor %}{{ x or 'no' }}"
                    + "{{ x == y }}{{ x is iterable }}]",
                "{\"d\": {}}"))
        .isEqualTo("[0noTrueTrue]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ x.y }}",
        "{{ x['y'] }}",
        "{{ x() }}",
        "{{ x + 1 }}",
        "{{ 'a' + x }}",
        "{{ x < 1 }}",
        "{{ d.x.y }}",
        "{{ 'a' + none }}",
        "{{ 'a' + 1 }}",
        "{{ 'a' + d }}",
        "{{ none|length }}",
        "{% for i in none %}{% endfor %}",
        "{{ 1 in 'a' }}",
        "{{ 1 / 0 }}",
        "{{ [] < 1 }}",
        "{{ {[]: 1} }}",
        "{{ none[1:] }}",
        "{% set a, b = [1] %}"
      })
  void usingAMissingValueOtherwiseFails(String template) {
    assertThatThrownBy(() -> Rendering.of(template, "{\"d\": {}}"))
        .isInstanceOf(RenderException.class)
        .isNotInstanceOf(RaisedByTemplateException.class);
  }

  @Test
  void aDotPrefersTheMethodAndBracketsPreferTheKey() throws Exception {
    String d = "{\"d\": {\"items\": 1, \"get\": 2, \"k\": 3}}";
    assertThat(Rendering.of("{{ d['items'] }}{{ d.items()|length }}{{ d.get('k') }}{{ d.k }}", d))
        .isEqualTo("1333");
  }

  @Test
  void anErrorRaisedByTheTemplateKeepsItsMessageAndLine() {
    assertThatThrownBy(() -> Rendering.of("a\n{{ raise_exception('No ' ~ 1) }}"))
        .isInstanceOfSatisfying(
            RaisedByTemplateException.class,
            e -> {
              assertThat(e).hasMessage("No 1");
              assertThat(e.line()).isEqualTo(2);
            });
  }

  @Test
  void syntaxErrorsNameTheirLine() {
    assertThatThrownBy(() -> Template.compile("a\n{% if x %}\n{{ y"))
        .isInstanceOfSatisfying(TemplateException.class, e -> assertThat(e.line()).isEqualTo(3));
    assertThatThrownBy(() -> Template.compile("{% nope %}")).hasMessageContaining("'nope'");
    assertThatThrownBy(() -> Template.compile("{{ x|nope }}")).hasMessageContaining("'nope'");
  }

  @Test
  void anUnknownFilterInAConditionFailsOnlyWhenEvaluated() throws Exception {
    String template = "{% if c %}{{ 1|nope }}{% endif %}.";
    assertThat(Rendering.of(template, "{\"c\": false}")).isEqualTo(".");
    assertThatThrownBy(() -> Rendering.of(template, "{\"c\": true}"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("nope");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% set c = cycler(1, 2) %}",
        "{% set j = joiner() %}",
        "{{ lipsum() }}",
        "{{ 'a'|attr('upper') }}",
        "{{ ['a']|map('attr', 'upper')|list }}",
        "{{ 5|filesizeformat }}",
      })
  void aNameOfJinjaThatIsNotImplementedFailsVisibly(String template) {
    assertThatThrownBy(() -> Rendering.of(template))
        .isInstanceOf(RenderLimitException.class)
        .hasMessageContaining("is not supported");
  }
}
