package io.kvroute.config;

/** The routing policies. */
public enum PolicyName {
  KV_AWARE,
  PREFIX_HASH,
  SESSION,
  LEAST_LOAD,
  POWER_OF_TWO,
  ROUND_ROBIN,
  RANDOM;

  /** The name on the command line, in files and in metrics. */
  public String label() {
    return ValueTypes.label(this);
  }
}
