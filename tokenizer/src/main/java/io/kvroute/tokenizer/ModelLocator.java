package io.kvroute.tokenizer;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Finds a model's files from what the user calls the model. */
final class ModelLocator {

  private ModelLocator() {}

  static ModelFiles locate(String directoryOrModelId, Map<String, String> environment)
      throws IOException {
    Path directory = Path.of(directoryOrModelId);
    if (Files.isDirectory(directory)) {
      return ModelFiles.inDirectory(directory);
    }
    throw new FileNotFoundException(directoryOrModelId + ": not a directory (expected: one)");
  }
}
