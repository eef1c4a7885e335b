package io.kvroute.loadtest.replica;

import java.util.List;

/**
 * What vLLM's {@code --served-model-name} and {@code --model} say: the names of one model.
 *
 * @param names at least one; a request may use any of them
 * @param root where the model's files are, the same for each of its names
 */
public record ServedNames(List<String> names, String root) {

  public ServedNames {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names: none (expected: at least one)");
    }
  }

  /** A model whose one name tells where its files are. */
  public static ServedNames of(String name) {
    return new ServedNames(List.of(name), name);
  }

  /** The one that answers and metrics name. */
  String first() {
    return names.getFirst();
  }
}
