package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values print as in Python, and dump as {@code json.dumps} dumps them. */
class PrintingTest {

  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0",
    "0.1, 0.1",
    "1e16, 1e+16",
    "123456789012345.0, 123456789012345.0",
    "1e-4, 0.0001",
    "1e-5, 1e-05",
    "2e23, 2e+23",
    "5e-324, 5e-324",
    "9007199254740993.0, 9007199254740992.0",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "2 ** 70, 1180591620717411303424",
    "7 / 2, 3.5",
    "-7 // 2, -4",
    "-7 % 3, 2",
    "2 ** -1, 0.5",
    "true + 1, 2",
    "1 == 1.0 == true, True"
  })
  void numbersPrintAsInPython(String expression, String printed) throws Exception {
    assertThat(Rendering.of("{{ " + expression + " }}")).isEqualTo(printed);
  }

  @Test
  void containersPrintTheRepresentationOfTheirItems() throws Exception {
    assertThat(Rendering.of("{{ [none, true, 'a', \"it's\", 1.0, (1,), {}, {'k': 'v'}] }}"))
        .isEqualTo("[None, True, 'a', \"it's\", 1.0, (1,), {}, {'k': 'v'}]");
    assertThat(
            Rendering.of("{{ [s] }}", "{\"s\": \"\\u00e9\\n\\u200b\\u007f'\\\"\\ud83d\\ude00\"}"))
        .isEqualTo("['\u00e9\\n\\u200b\\x7f\\'\"\ud83d\ude00']");
  }

  @Test
  void jsonKeepsOrderNumbersAndCharacters() throws Exception {
    String json = "{\"d\": {\"b\": [1, 2.0, null, true], \"a\": \"\\u00e9 \\\"q\\\" </x> \\n\"}}";
    assertThat(Rendering.of("{{ d | tojson }}", json))
        .isEqualTo("{\"b\": [1, 2.0, null, true], \"a\": \"\u00e9 \\\"q\\\" </x> \\n\"}");
    assertThat(Rendering.of("{{ d | tojson(ensure_ascii=true, sort_keys=true) }}", json))
        .startsWith("{\"a\": \"\\u00e9 ");
    assertThat(Rendering.of("{{ d | tojson(indent=2) }}", json))
        .startsWith("{\n  \"b\": [\n    1,\n    2.0,\n");
    assertThat(Rendering.of("{{ [1, {'a': []}] | tojson(separators=(',', ':')) }}"))
        .isEqualTo("[1,{\"a\":[]}]");
  }

  @Test
  void valuesThatJsonCannotRepresentAreErrors() {
    assertThatThrownBy(() -> Rendering.of("{{ missing | tojson }}"))
        .isInstanceOf(RenderException.class)
        .hasMessageContaining("Undefined is not JSON serializable");
    assertThatThrownBy(() -> Rendering.of("{{ [1] | select | tojson }}"))
        .hasMessageContaining("generator is not JSON serializable");
  }

  @Test
  void timesPrintAsWithStrftime() throws Exception {
    assertThat(Rendering.of("{{ strftime_now('%d %b %Y %H:%M:%S|%-d/%m/%y|%A %j %I%p %%') }}"))
        .isEqualTo("15 Jan 2026 12:34:56|15/01/26|Thursday 015 12PM %");
  }
}
