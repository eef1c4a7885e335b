package io.kvroute.tokenizer;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of one model that define how it reads text: {@code tokenizer.json} (or {@code
 * tokenizer.json.gz}), {@code tokenizer_config.json}, {@code special_tokens_map.json}, {@code
 * added_tokens.json}, {@code chat_template.jinja}, {@code chat_template.json}, {@code config.json}
 * and {@code generation_config.json}. Only the first is required. Immutable and safe for any number
 * of threads; every read goes to the source.
 */
public final class ModelFiles {

  /** Where files come from: a directory, or the classpath. */
  private interface Source {
    @Nullable InputStream open(String name) throws IOException;
  }

  private static final JsonMapper JSON = new JsonMapper();

  private final String name;
  private final Source source;

  private ModelFiles(String name, Source source) {
    this.name = name;
    this.source = source;
  }

  /** The files in {@code directory}, which need not be complete. */
  public static ModelFiles inDirectory(Path directory) {
    return new ModelFiles(
        directory.toString(),
        file -> {
          Path path = directory.resolve(file);
          return Files.isRegularFile(path) ? Files.newInputStream(path) : null;
        });
  }

  /**
   * The files of a model, named as in {@code --tokenizer}: an existing directory, or else a model
   * id, {@code OWNER/NAME} or {@code OWNER/NAME@REVISION}. A model id is taken from the Hugging
   * Face cache or, unless {@code HF_HUB_OFFLINE} forbids it, downloaded into that cache. Blocks on
   * the network.
   *
   * @param environment {@code HF_HOME}, {@code HF_HUB_CACHE}, {@code HF_ENDPOINT}, {@code
   *     HF_TOKEN}, {@code HF_HUB_OFFLINE}; {@code HOME} where the first two are missing
   * @throws IOException if the files are not found; the message lists the places tried and what to
   *     do
   */
  public static ModelFiles locate(String directoryOrModelId, Map<String, String> environment)
      throws IOException {
    return ModelLocator.locate(directoryOrModelId, environment);
  }

  static ModelFiles onClasspath(String name, String resourceFolder) {
    return new ModelFiles(
        name, file -> ModelFiles.class.getResourceAsStream(resourceFolder + "/" + file));
  }

  /** The name of the source in messages: the directory, or the name of a bundled model. */
  public String name() {
    return name;
  }

  /** The text of a file, decompressed if only a {@code .gz} version exists; null if missing. */
  public @Nullable String text(String file) throws IOException {
    byte[] bytes = bytes(file);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  /** A JSON object; an empty one if the file is missing. */
  JsonNode json(String file) throws IOException {
    byte[] bytes = bytes(file);
    if (bytes == null) {
      return JSON.createObjectNode();
    }
    try {
      JsonNode node = JSON.readTree(bytes);
      if (!node.isObject()) {
        throw new IOException(
            name + "/" + file + ": " + node.getNodeType() + " (expected: an object)");
      }
      return node;
    } catch (JacksonException e) {
      throw new IOException(name + "/" + file + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * The content of {@code tokenizer.json}.
   *
   * @throws FileNotFoundException if it is missing; the message says what the directory holds
   *     instead and what to do about it
   */
  String tokenizerJson() throws IOException {
    String json = text("tokenizer.json");
    if (json != null) {
      return json;
    }
    throw new FileNotFoundException(
        name
            + ": no tokenizer.json (expected: one, or tokenizer.json.gz); "
            + insteadOfTokenizerJson());
  }

  /** Whether the repository contains Mistral's own tokenizer, which vLLM then prefers. */
  boolean hasMistralFormat() throws IOException {
    return exists("tekken.json")
        || exists("tokenizer.model.v1")
        || exists("tokenizer.model.v2")
        || exists("tokenizer.model.v3")
        || exists("tokenizer.model.v7");
  }

  private String insteadOfTokenizerJson() throws IOException {
    String convert =
        "make one where transformers runs: AutoTokenizer.from_pretrained(...).backend_tokenizer"
            + ".save(\"tokenizer.json\")";
    if (hasMistralFormat()) {
      return "it holds Mistral's own format, which only mistral-common reads: without a tokenizer the"
          + " router asks the replicas' /tokenize";
    }
    if (exists("tokenizer.model")) {
      return "it holds a sentencepiece tokenizer.model only; " + convert;
    }
    if (exists("tiktoken.model") || exists("qwen.tiktoken")) {
      return "it holds a tiktoken vocabulary only; " + convert;
    }
    if (exists("vocab.json")) {
      return "it holds vocab.json and merges of a slow tokenizer only; " + convert;
    }
    return "give the model's directory or its id on the hub";
  }

  private boolean exists(String file) throws IOException {
    try (InputStream in = source.open(file)) {
      return in != null;
    }
  }

  private byte @Nullable [] bytes(String file) throws IOException {
    try (InputStream in = source.open(file)) {
      if (in != null) {
        return in.readAllBytes();
      }
    }
    try (InputStream packed = source.open(file + ".gz")) {
      if (packed == null) {
        return null;
      }
      return new GZIPInputStream(new ByteArrayInputStream(packed.readAllBytes())).readAllBytes();
    }
  }
}
