package io.kvroute.config;

/** A key that clients of the data port present. Its text never reaches a log. */
public record ApiKey(String value) {
  @Override
  public String toString() {
    return "(hidden)";
  }
}
