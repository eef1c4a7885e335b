package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The corpus of requests and of what the code of real engines makes of them. Reads the whole corpus
 * if {@code KVROUTE_PARITY_DIR} (or the system property {@code kvroute.parity.dir}) names its
 * directory, else the part bundled in the test resources, Qwen3.
 */
public final class ParityCorpus {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String RESOURCES = "/io/kvroute/tokenizer/parity/";

  private final @Nullable Path directory;

  private ParityCorpus(@Nullable Path directory) {
    this.directory = directory;
  }

  public static ParityCorpus open() {
    String configured =
        System.getProperty("kvroute.parity.dir", System.getenv("KVROUTE_PARITY_DIR"));
    return new ParityCorpus(
        configured == null || configured.isEmpty() ? null : Path.of(configured));
  }

  public boolean isWhole() {
    return directory != null;
  }

  /** The models' names, in order. */
  public List<String> models() throws IOException {
    if (directory == null) {
      return List.of("qwen3");
    }
    try (Stream<Path> entries = Files.list(directory.resolve("models"))) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  public ModelFiles files(String model) {
    return directory == null
        ? BundledModel.qwen3()
        : ModelFiles.inDirectory(directory.resolve("models").resolve(model));
  }

  /** The content of {@code tokenizer.json} as transformers 5 uses it. */
  public String tokenizerJson(String model) throws IOException {
    return effective(model).text();
  }

  /**
   * The same with other parts.
   *
   * @param parts a JSON object of the parts to replace
   * @param modelFields a JSON object of the fields of {@code model} to replace
   */
  public String tokenizerJson(String model, String parts, String modelFields) throws IOException {
    return effective(model).with(fields(parts), fields(modelFields)).text();
  }

  private static Map<String, JsonNode> fields(String json) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    JSON.readTree(json)
        .propertyStream()
        .forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  TokenizerJson effective(String model) throws IOException {
    ModelFiles files = files(model);
    String json = files.tokenizerJson();
    return EffectiveTokenizer.of(
        TokenizerJson.parse(json),
        new TokenizerClasses().of(files, json, TransformersRule.V5),
        files,
        TransformersRule.V5);
  }

  /** The JSON objects of a file, one a line; the name without {@code .gz}. */
  public List<JsonNode> lines(String file) throws IOException {
    return lines(stream(file));
  }

  /** The JSON objects of a file that lies next to the bundled part of the corpus. */
  public static List<JsonNode> bundledLines(String file) throws IOException {
    return lines(bundled(file));
  }

  private static List<JsonNode> lines(InputStream in) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  /** A JSON file; null if only the bundled part is available. */
  public @Nullable JsonNode json(String file) {
    return directory == null ? null : JSON.readTree(directory.resolve(file));
  }

  private static InputStream bundled(String file) throws IOException {
    InputStream in = ParityCorpus.class.getResourceAsStream(RESOURCES + file + ".gz");
    if (in == null) {
      throw new FileNotFoundException(file);
    }
    return new GZIPInputStream(in);
  }

  private InputStream stream(String file) throws IOException {
    if (directory == null) {
      return bundled(file);
    }
    Path plain = directory.resolve(file);
    return Files.exists(plain)
        ? Files.newInputStream(plain)
        : new GZIPInputStream(Files.newInputStream(directory.resolve(file + ".gz")));
  }
}
