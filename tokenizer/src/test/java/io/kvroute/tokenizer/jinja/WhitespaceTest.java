package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code trim_blocks}, {@code lstrip_blocks} and the signs in tags. */
class WhitespaceTest {

  @Test
  void dropsTheNewlineAfterABlockButNotAfterAnExpression() throws Exception {
    assertThat(Rendering.of("{% set x = 1 %}\n{{ x }}\n{{ x }}")).isEqualTo("1\n1");
  }

  @Test
  void dropsBlanksBeforeABlockThatStartsItsLine() throws Exception {
    assertThat(Rendering.of("a\n  {% if true %}b{% endif %}")).isEqualTo("a\nb");
    assertThat(Rendering.of("a  {% if true %}b{% endif %}")).isEqualTo("a  b");
    assertThat(Rendering.of("  {{ 1 }}")).isEqualTo("  1");
    assertThat(Rendering.of("  {# comment #}\nx")).isEqualTo("x");
  }

  @Test
  void aMinusRemovesAllWhiteSpaceAndAPlusKeepsIt() throws Exception {
    assertThat(Rendering.of("a \n\u00a0{{- 1 -}}\n\n b")).isEqualTo("a1b");
    assertThat(Rendering.of("a\n  {%+ if true +%}\nb{% endif %}")).isEqualTo("a\n  \nb");
  }

  @Test
  void dropsOneNewlineAtTheEndOfTheTemplate() throws Exception {
    assertThat(Rendering.of("a\n\n")).isEqualTo("a\n");
    assertThat(Rendering.of("a\r\nb\r\n")).isEqualTo("a\nb");
  }

  @Test
  void printsTheContentOfARawBlockUnchanged() throws Exception {
    assertThat(Rendering.of("{% raw -%}  {{ x }} {% if %} {%- endraw %}\n."))
        .isEqualTo("{{ x }} {% if %}.");
  }

  @Test
  void bracesInsideAnExpressionDoNotEndIt() throws Exception {
    assertThat(Rendering.of("{{ {'a': {'b': 1}}}}|{{ '}}' }}")).isEqualTo("{'a': {'b': 1}}|}}");
  }

  @Test
  void stringsHavePythonsEscapesAndJoinWhenAdjacent() throws Exception {
    assertThat(Rendering.of("{{ 'a\\x41\\u00e9\\101\\q' 'b\\\nc' }}")).isEqualTo("aA\u00e9A\\qbc");
  }
}
