package io.kvroute.config;

/** Where the router learns what an engine reused for a streamed answer. */
public enum UsageLearning {
  /** From the usage that clients ask for. */
  REPORTED,
  /** From usage that the router asks for, and takes out again for clients that did not. */
  INJECT
}
