package io.kvroute.config;

/** An API key of the data port. Its text never appears in a log. */
public record ApiKey(String value) {
  @Override
  public String toString() {
    return "(hidden)";
  }
}
