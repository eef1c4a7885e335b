package io.kvroute.loadtest.replica;

import java.util.List;

/**
 * The names of one model: the values of vLLM's {@code --served-model-name} and {@code --model}.
 *
 * @param names the served names, at least one; a request may use any of them
 * @param root location of the model's files, the same for all names
 */
public record ServedNames(List<String> names, String root) {

  public ServedNames {
    names = List.copyOf(names);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names: none (expected: at least one)");
    }
  }

  /** A model with one name, which is also the location of its files. */
  public static ServedNames of(String name) {
    return new ServedNames(List.of(name), name);
  }

  /** The name in answers and metrics. */
  String first() {
    return names.getFirst();
  }
}
