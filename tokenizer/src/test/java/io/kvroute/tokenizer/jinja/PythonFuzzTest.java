package io.kvroute.tokenizer.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Thousands of random templates render as in Python's Jinja. The golden file is written by {@code
 * src/test/python/jinja_fuzz.py}; {@code JINJA_FUZZ_FILE} names another file to check.
 */
class PythonFuzzTest {

  @Test
  void rendersRandomTemplatesAsPythonDoes() throws IOException {
    List<JsonNode> contexts = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    int[] counts = new int[1];
    try (InputStream in = goldens()) {
      RenderCorpus.lines(
          in,
          line -> {
            if (line.has("contexts")) {
              line.get("contexts").forEach(contexts::add);
              return;
            }
            counts[0]++;
            String difference = difference(line, contexts.get(line.get("c").intValue()));
            if (!difference.isEmpty()) {
              differences.add(difference + "\n  " + line.get("t"));
            }
          });
    }
    System.out.printf("Random templates: %d, different: %d%n", counts[0], differences.size());
    assertThat(differences.subList(0, Math.min(30, differences.size()))).isEmpty();
    assertThat(counts[0]).isPositive();
  }

  private static InputStream goldens() throws IOException {
    String file = System.getenv("JINJA_FUZZ_FILE");
    InputStream in =
        file != null
            ? Files.newInputStream(Path.of(file))
            : PythonFuzzTest.class.getResourceAsStream("/jinja/fuzz.jsonl.gz");
    if (in == null) {
      throw new IOException("test resource /jinja/fuzz.jsonl.gz is missing");
    }
    return in;
  }

  private static String difference(JsonNode golden, JsonNode context) {
    Template template;
    try {
      template = Template.compile(golden.get("t").asString());
    } catch (TemplateException e) {
      return golden.has("syntax") ? "" : "does not compile: " + e.getMessage();
    }
    if (golden.has("syntax")) {
      return "compiles, but not in Python";
    }
    Set<String> undeclared = new HashSet<>();
    golden.get("u").forEach(name -> undeclared.add(name.asString()));
    if (!template.undeclaredVariables().equals(undeclared)) {
      return "undeclared variables " + template.undeclaredVariables() + ", not " + undeclared;
    }
    try {
      String rendered =
          template.render(
              JsonValues.variables(context), RenderLimits.DEFAULT, RenderCorpusTest.GOLDEN_CLOCK);
      if (!golden.has("out")) {
        return "renders " + rendered + "\n  but Python fails: " + golden.get("err");
      }
      String expected = golden.get("out").asString();
      return rendered.equals(expected) ? "" : RenderCorpusTest.firstDifference(rendered, expected);
    } catch (RaisedByTemplateException e) {
      boolean same = golden.has("raised") && golden.get("raised").asString().equals(e.getMessage());
      return same ? "" : "raised " + e.getMessage() + ", but Python: " + golden.get("err");
    } catch (RenderException e) {
      boolean fails = golden.has("err") && !golden.has("raised");
      return fails ? "" : "fails: " + e.getMessage();
    }
  }
}
