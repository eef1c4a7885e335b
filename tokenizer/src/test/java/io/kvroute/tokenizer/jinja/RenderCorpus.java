package io.kvroute.tokenizer.jinja;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Real chat templates with what Python's Jinja renders of them.
 *
 * @param sources each template's text by its name
 * @param formats the content format vLLM detects for each
 * @param contexts the variables of each case, by content format and case
 * @param expected one golden rendering a line
 */
record RenderCorpus(
    Map<String, String> sources,
    Map<String, String> formats,
    Map<String, Map<String, JsonNode>> contexts,
    Lines expected) {

  /** Lines of JSON, which can be read repeatedly. */
  interface Lines {
    void forEach(Consumer<JsonNode> consumer) throws IOException;
  }

  /** The directory that {@code KVROUTE_PARITY_DIR} names, or null. */
  static @Nullable Path directory() {
    String name = System.getProperty("KVROUTE_PARITY_DIR", System.getenv("KVROUTE_PARITY_DIR"));
    return name == null || name.isEmpty() ? null : Path.of(name);
  }

  /** The whole corpus. */
  static RenderCorpus of(Path directory) throws IOException {
    Path render = directory.resolve("golden/render");
    Map<String, String> sources = new LinkedHashMap<>();
    Map<String, String> formats = new HashMap<>();
    for (JsonNode entry : JsonValues.read(Files.readString(render.resolve("templates.json")))) {
      String name = entry.get("template").asString();
      sources.put(name, Files.readString(directory.resolve("templates").resolve(name)));
      formats.put(name, entry.get("format").asString());
    }
    Map<String, Map<String, JsonNode>> contexts = new HashMap<>();
    for (String format : List.of("string", "openai")) {
      Map<String, JsonNode> cases = contexts.computeIfAbsent(format, f -> new LinkedHashMap<>());
      for (String line : Files.readAllLines(render.resolve("contexts_" + format + ".jsonl"))) {
        JsonNode node = JsonValues.read(line);
        cases.put(node.get("case").asString(), node.get("ctx"));
      }
    }
    return new RenderCorpus(
        sources,
        formats,
        contexts,
        consumer -> {
          try (InputStream in = Files.newInputStream(render.resolve("expected.jsonl.gz"))) {
            lines(in, consumer);
          }
        });
  }

  /** The part of the corpus bundled in the test resources. */
  static RenderCorpus bundled() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    Map<String, String> formats = new HashMap<>();
    Map<String, Map<String, JsonNode>> contexts = new HashMap<>();
    Lines all =
        consumer -> {
          try (InputStream in = RenderCorpus.class.getResourceAsStream("/jinja/corpus.jsonl.gz")) {
            if (in == null) {
              throw new IOException("test resource /jinja/corpus.jsonl.gz is missing");
            }
            lines(in, consumer);
          }
        };
    all.forEach(
        node -> {
          if (node.has("source")) {
            String name = node.get("template").asString();
            sources.put(name, node.get("source").asString());
            formats.put(name, node.get("format").asString());
          } else if (node.has("ctx")) {
            contexts
                .computeIfAbsent(node.get("format").asString(), f -> new LinkedHashMap<>())
                .put(node.get("case").asString(), node.get("ctx"));
          }
        });
    Lines expected =
        consumer ->
            all.forEach(
                node -> {
                  if (node.has("t")) {
                    consumer.accept(node);
                  }
                });
    return new RenderCorpus(sources, formats, contexts, expected);
  }

  static void lines(InputStream in, Consumer<JsonNode> consumer) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        consumer.accept(JsonValues.read(line));
      }
    }
  }
}
