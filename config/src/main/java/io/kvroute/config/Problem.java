package io.kvroute.config;

/**
 * One thing wrong with a configuration, for a person to put right.
 *
 * @param source where the value stands: a file, a variable or a flag
 * @param property the property's path, such as {@code replicas[1].url}; empty where it is the whole
 *     source
 * @param value what was found there
 * @param expected what would have been right
 */
public record Problem(String source, String property, String value, String expected) {

  /** The problem in one line: {@code kvroute.yaml: policy: "fast" (expected: kv-aware, ...)}. */
  @Override
  public String toString() {
    String where = property.isEmpty() ? source : source + ": " + property;
    return where + ": " + value + " (expected: " + expected + ")";
  }
}
