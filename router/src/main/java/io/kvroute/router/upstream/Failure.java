package io.kvroute.router.upstream;

/** Why an attempt brought no complete response. */
public enum Failure {
  /** The connection was refused, timed out, or the host was unreachable or unknown. */
  CONNECT("connect"),
  /** The connection ended before the response did. */
  CONNECTION_LOST("connection-lost"),
  /** The replica did not answer with valid HTTP/1.1. */
  MALFORMED_ANSWER("malformed-answer");

  private final String label;

  Failure(String label) {
    this.label = label;
  }

  /** The name used in metrics. */
  public String label() {
    return label;
  }
}
