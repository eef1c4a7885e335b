package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The content format that a template expects, as vLLM detects it. */
class ContentFormatTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{% for c in m['content'] %}{% endfor %}{% endfor %}",
        "{% for m in messages[1:] %}{% for c in m.content|list %}{% endfor %}{% endfor %}",
        "{% set l = messages %}{% for m in l %}{% for c in m.content %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(l=messages) %}{% for m in ns.l %}{% for c in m.content %}"
            + "{% endfor %}{% endfor %}",
        "{% macro f(x) %}{% for c in x %}{% endfor %}{% endmacro %}"
            + "{% for m in messages %}{{ f(m.content) }}{% endfor %}",
        "{% macro f(a, x) %}{% for c in x %}{% endfor %}{% endmacro %}"
            + "{% for m in messages %}{{ f(1, x=m.content) }}{% endfor %}",
        "{% for c in content %}{% endfor %}"
      })
  void aLoopOverContentMeansOpenai(String template) throws Exception {
    assertThat(Template.compile(template).contentFormat()).isEqualTo(ContentFormat.OPENAI);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for m in messages %}{{ m.content }}{% endfor %}",
        "{% for m in messages %}{% for c in m.tool_calls %}{% endfor %}{% endfor %}",
        "{% for m in others %}{% for c in m.content %}{% endfor %}{% endfor %}",
        "{% macro f(content) %}{% for c in content %}{% endfor %}{% endmacro %}{{ f([1]) }}",
        "{% for i, m in messages %}{% for c in m.content %}{% endfor %}{% endfor %}"
      })
  void anythingElseMeansString(String template) throws Exception {
    assertThat(Template.compile(template).contentFormat()).isEqualTo(ContentFormat.STRING);
  }
}
