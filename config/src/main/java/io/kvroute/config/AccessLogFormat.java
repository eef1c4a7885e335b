package io.kvroute.config;

/** How the access log is written. */
public enum AccessLogFormat {
  /** One JSON object for each request. */
  JSON,
  /** {@code name=value} pairs, one line for each request. */
  TEXT,
  /** Not at all. */
  OFF
}
