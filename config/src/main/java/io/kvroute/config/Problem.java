package io.kvroute.config;

/**
 * One problem in a configuration.
 *
 * @param source the file, variable or flag that contains the value
 * @param property the property's path, such as {@code replicas[1].url}; empty if the problem
 *     concerns the whole source
 * @param value the value found
 * @param expected what was expected instead
 */
public record Problem(String source, String property, String value, String expected) {

  /** The problem in one line: {@code kvroute.yaml: policy: "fast" (expected: kv-aware, ...)}. */
  @Override
  public String toString() {
    String where = property.isEmpty() ? source : source + ": " + property;
    return where + ": " + value + " (expected: " + expected + ")";
  }
}
