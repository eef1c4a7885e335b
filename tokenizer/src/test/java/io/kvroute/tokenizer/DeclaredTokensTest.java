package io.kvroute.tokenizer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Compares tokens declared outside {@code tokenizer.json} with the ids of transformers 4.57.6 and
 * 5.24.0 ({@code src/test/python/declared_tokens.py}).
 */
final class DeclaredTokensTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path directory;
  private final ParityCorpus corpus = ParityCorpus.open();
  private final Map<String, TokenizerJson> tokenizers = new HashMap<>();

  private static List<JsonNode> cases() throws IOException {
    String whole = System.getenv("KVROUTE_DECLARED_CASES");
    if (whole == null) {
      return ParityCorpus.bundledLines("declared-tokens.jsonl");
    }
    return Files.readAllLines(Path.of(whole)).stream().map(JSON::readTree).toList();
  }

  private TokenizerJson tokenizer(JsonNode made, String name) throws IOException {
    TokenizerJson known = tokenizers.get(name);
    if (known == null) {
      known =
          TokenizerJson.parse(
              made.has(name) ? made.path(name).toString() : corpus.files(name).tokenizerJson());
      tokenizers.put(name, known);
    }
    return known;
  }

  private ModelFiles files(JsonNode made, JsonNode entry) throws IOException {
    Path files = Files.createDirectory(directory.resolve(entry.path("id").asString()));
    Map<String, JsonNode> parts = new LinkedHashMap<>();
    entry.path("parts").propertyStream().forEach(p -> parts.put(p.getKey(), p.getValue()));
    if (!entry.path("added_tokens").isNull()) {
      parts.put("added_tokens", entry.path("added_tokens"));
    }
    TokenizerJson whole = tokenizer(made, entry.path("tokenizer").asString()).with(parts, Map.of());
    Files.writeString(files.resolve("tokenizer.json"), whole.text(), UTF_8);
    for (Map.Entry<String, JsonNode> file : entry.path("files").properties()) {
      Files.writeString(files.resolve(file.getKey()), file.getValue().toString(), UTF_8);
    }
    return ModelFiles.inDirectory(files);
  }

  @ParameterizedTest
  @EnumSource(TransformersRule.class)
  void declaredTokensGetTheIdsThatTransformersAssigns(TransformersRule rule) throws Exception {
    List<JsonNode> lines = cases();
    JsonNode made = lines.getFirst();
    String release = rule == TransformersRule.V5 ? "5" : "4";
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    for (JsonNode entry : lines.subList(1, lines.size())) {
      JsonNode golden = entry.path(release);
      if (golden.isNull()) {
        continue; // no engine starts with these files
      }
      compared++;
      PromptEncoder encoder =
          PromptEncoder.open(
              files(made, entry), PromptEncoderOptions.defaults().withTransformers(rule));
      for (int i = 0; i < golden.size(); i++) {
        String text = entry.path("texts").path(i).asString();
        int[] expected = golden.path(i).valueStream().mapToInt(JsonNode::asInt).toArray();
        int[] ids = encoder.tokenizer().encode(text, false);
        if (!Arrays.equals(ids, expected)) {
          wrong.add(
              "%s: %s: %s (expected: %s)"
                  .formatted(
                      entry.path("id").asString(),
                      JSON.writeValueAsString(text),
                      Arrays.toString(ids),
                      Arrays.toString(expected)));
        }
      }
    }
    assertThat(wrong).as("of " + compared + " cases").isEmpty();
    assertThat(compared).isGreaterThan(200);
  }

  @Test
  void reportsWhereAnIdIsNotANumber() throws Exception {
    Files.writeString(
        directory.resolve("tokenizer.json"), tokenizer(cases().getFirst(), "bytes").text());
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"added_tokens_decoder\": {\"seven\": {\"content\": \"<A>\"}}}");

    assertThatIOException()
        .isThrownBy(
            () ->
                PromptEncoder.open(
                    ModelFiles.inDirectory(directory), PromptEncoderOptions.defaults()))
        .withMessage(
            "tokenizer_config.json: added_tokens_decoder: \"seven\" (expected: a token's id)");
  }

  @Test
  void keepsTheFileIfNothingNewIsDeclared() throws Exception {
    ModelFiles files = corpus.files("qwen3");
    TokenizerJson json = TokenizerJson.parse(files.tokenizerJson());
    TokenizerClass loader = new TokenizerClasses().of(files, json.text(), TransformersRule.V4);

    assertThat(EffectiveTokenizer.of(json, loader, files, TransformersRule.V4)).isSameAs(json);
  }
}
