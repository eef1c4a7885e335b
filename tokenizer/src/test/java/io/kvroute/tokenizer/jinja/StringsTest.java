package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Strings behave as in Python. */
class StringsTest {

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "' a b  '.split() => ['a', 'b']",
        "' a b  c '.split(none, 1) => ['a', 'b  c ']",
        "'a,,b'.split(',') => ['a', '', 'b']",
        "'a,b,c'.rsplit(',', 1) => ['a,b', 'c']",
        "''.split(',') => ['']",
        "''.split() => []",
        "'xxhixx'.strip('x') => hi",
        "'<think>a</think>b'.split('</think>')[-1] => b",
        "'hello world'.title() => Hello World",
        "'hello wORLD'|capitalize => Hello world",
        "'a-b c'|title => A-B C",
        "'aaa'.replace('a', 'b', 2) => bba",
        "'ab'.replace('', '-') => -a-b-",
        "'abcabc'.rfind('b') => 4",
        "'abc'.startswith(('x', 'a')) => True",
        "'%05.1f|%-4s|%x' % (3.14159, 'a', 255) => 003.1|a   |ff",
        "'{:>5}{!r}{x:.2f}'.format(1, 'a', x=2) => `    1'a'2.00`",
        "'{0[k]}{0.k}'.format({'k': 1}) => 11",
        "'a\\nb\\r\\n'.splitlines() => ['a', 'b']",
        "'5'.zfill(3) => 005",
        "'x' * 3 => xxx",
        "'b' in 'abc' => True",
        "'Z' < 'a' => True"
      })
  void stringMethodsBehaveAsInPython(String expression, String printed) throws Exception {
    assertThat(Rendering.of("{{ " + expression + " }}")).isEqualTo(printed);
  }

  @Test
  void lengthsAndSlicesCountCodePoints() throws Exception {
    String text = "{\"s\": \"a\\ud83d\\ude00b\"}";
    assertThat(Rendering.of("{{ s|length }}{{ s[1] }}{{ s[::-1] }}{{ s.find('b') }}", text))
        .isEqualTo("3\ud83d\ude00b\ud83d\ude00a2");
  }

  @Test
  void loneSurrogatesPassThrough() throws Exception {
    assertThat(Rendering.of("{{ s ~ s[0] }}{{ s|upper }}", "{\"s\": \"\\udc00x\"}"))
        .isEqualTo("\udc00x\udc00\udc00X");
  }

  @Test
  void aSafeStringEscapesWhatIsJoinedToIt() throws Exception {
    assertThat(Rendering.of("{{ ('<b>'|safe) + '<i>' }}{{ '<i>' + ('<b>'|safe) }}"))
        .isEqualTo("<b>&lt;i&gt;&lt;i&gt;<b>");
    assertThat(Rendering.of("{{ ('<b>'|safe) ~ '<i>' }}{{ '<i>' }}")).isEqualTo("<b><i><i>");
  }
}
