package io.kvroute.config;

/** How a chat template wants message contents. */
public enum ContentFormat {
  /** As the template's own code shows. */
  AUTO,
  /** One string. */
  STRING,
  /** A list of parts. */
  OPENAI
}
