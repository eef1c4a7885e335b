package io.kvroute.config;

/** From where the router learns how many tokens an engine reused for a streamed response. */
public enum UsageLearning {
  /** From the usage that clients ask for. */
  REPORTED,
  /** From usage that the router asks for and removes again for clients that did not ask. */
  INJECT
}
