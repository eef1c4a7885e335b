package io.kvroute.config;

/** The form in which a chat template receives message contents. */
public enum TemplateContentFormat {
  /** As the template's code requires. */
  AUTO,
  /** One string. */
  STRING,
  /** A list of parts. */
  OPENAI
}
