package io.kvroute.tokenizer;

import io.kvroute.tokenizer.hub.Hub;
import io.kvroute.tokenizer.hub.ModelId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Finds the files of a model by a directory, a model id or the name of a bundled model. */
final class ModelLocator {

  /** The files to fetch. The last one is fetched only to detect Mistral's own tokenizer. */
  private static final List<String> FILES =
      List.of(
          "config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "special_tokens_map.json",
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          "additional_chat_templates/tool_use.jinja",
          "generation_config.json",
          "tekken.json");

  private ModelLocator() {}

  static ModelFiles locate(String directoryOrModelId, Map<String, String> environment)
      throws IOException {
    if (directoryOrModelId.equals(BundledModel.QWEN3)) {
      return BundledModel.qwen3();
    }
    if (isDirectory(directoryOrModelId)) {
      return ModelFiles.inDirectory(Path.of(directoryOrModelId));
    }
    ModelId id = ModelId.parse(directoryOrModelId);
    if (id == null) {
      throw new FileNotFoundException(
          directoryOrModelId
              + ": no such directory, and not a model id (expected: a directory, or OWNER/NAME"
              + " or OWNER/NAME@REVISION on the hub)");
    }
    return ModelFiles.inDirectory(new Hub(environment).fetch(id, FILES));
  }

  private static boolean isDirectory(String text) {
    try {
      return Files.isDirectory(Path.of(text));
    } catch (InvalidPathException notAPath) {
      return false;
    }
  }
}
