package io.kvroute.tokenizer.jinja;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.jinja.syntax.TemplateException;
import io.kvroute.tokenizer.jinja.values.RenderLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Renders every real template as Python does. Reads the whole corpus if {@code KVROUTE_PARITY_DIR}
 * names its directory, else the bundled part.
 */
class RenderCorpusTest {

  static final Clock GOLDEN_CLOCK =
      Clock.fixed(Instant.parse("2026-01-15T12:34:56Z"), ZoneOffset.UTC);

  private static RenderCorpus corpus = new RenderCorpus(Map.of(), Map.of(), Map.of(), c -> {});

  @BeforeAll
  static void readCorpus() throws IOException {
    Path directory = RenderCorpus.directory();
    corpus = directory == null ? RenderCorpus.bundled() : RenderCorpus.of(directory);
    System.out.printf(
        "Chat templates from %s: %d%s%n",
        directory == null ? "the bundled part" : "the whole corpus",
        corpus.sources().size(),
        directory == null ? "; skipped the others: KVROUTE_PARITY_DIR is not set" : "");
    assertThat(corpus.sources()).isNotEmpty();
  }

  @Test
  void everyTemplateCompilesAndItsContentFormatMatchesTheEngine() {
    List<String> problems = new ArrayList<>();
    corpus
        .sources()
        .forEach(
            (name, source) -> {
              try {
                String format =
                    Template.compile(source).contentFormat().name().toLowerCase(Locale.ROOT);
                if (!format.equals(corpus.formats().get(name))) {
                  problems.add(name + ": content format " + format);
                }
              } catch (TemplateException e) {
                problems.add(name + ": " + e.getMessage());
              }
            });
    assertThat(problems).isEmpty();
  }

  @Test
  void everyRenderingMatchesPython() throws IOException {
    Map<String, Template> templates = new HashMap<>();
    List<String> differences = new ArrayList<>();
    int[] counts = new int[2];
    corpus
        .expected()
        .forEach(
            golden -> {
              counts[0]++;
              counts[1] += golden.get("ok").booleanValue() ? 0 : 1;
              String difference = difference(golden, templates);
              if (!difference.isEmpty()) {
                differences.add(difference);
              }
            });
    System.out.printf(
        "Renderings: %d, of them errors in Python: %d, different: %d%n",
        counts[0], counts[1], differences.size());
    assertThat(differences.subList(0, Math.min(20, differences.size()))).isEmpty();
    assertThat(counts[0]).isPositive();
  }

  private static String difference(JsonNode golden, Map<String, Template> templates) {
    String name = golden.get("t").asString();
    String label = name + " / " + golden.get("c").asString() + ": ";
    try {
      Template template = templates.get(name);
      if (template == null) {
        template = Template.compile(corpus.sources().getOrDefault(name, ""));
        templates.put(name, template);
      }
      JsonNode context =
          corpus
              .contexts()
              .getOrDefault(corpus.formats().getOrDefault(name, ""), Map.of())
              .get(golden.get("c").asString());
      if (context == null) {
        return label + "no such context";
      }
      String rendered =
          template.render(JsonValues.variables(context), RenderLimits.DEFAULT, GOLDEN_CLOCK);
      if (!golden.get("ok").booleanValue()) {
        return label + "rendered, but Python fails: " + golden.get("err").asString();
      }
      return sha256(rendered).equals(golden.get("sha").asString())
          ? ""
          : label + firstDifference(rendered, golden.get("text").asString());
    } catch (TemplateException | RenderException e) {
      return golden.get("ok").booleanValue() ? label + e : raisedMessage(golden, label, e);
    }
  }

  static String firstDifference(String rendered, String expected) {
    int i = 0;
    while (i < Math.min(rendered.length(), expected.length())
        && rendered.charAt(i) == expected.charAt(i)) {
      i++;
    }
    int from = Math.max(0, i - 40);
    return "at "
        + i
        + ": "
        + rendered.substring(from, Math.min(rendered.length(), i + 40))
        + " | expected: "
        + expected.substring(from, Math.min(expected.length(), i + 40));
  }

  /** The message of an error that the template raises itself must match exactly. */
  private static String raisedMessage(JsonNode golden, String label, Exception e) {
    String error = golden.get("err").asString();
    boolean raised = error.startsWith("TemplateError: ");
    boolean same =
        raised == (e instanceof RaisedByTemplateException)
            && (!raised || error.startsWith("TemplateError: " + e.getMessage()));
    return same ? "" : label + e + ", but Python: " + error;
  }

  private static String sha256(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
