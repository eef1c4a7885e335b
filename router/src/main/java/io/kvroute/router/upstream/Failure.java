package io.kvroute.router.upstream;

/** Why an attempt at a replica brought no whole answer. */
public enum Failure {
  /** No connection: refused, unreachable, not resolved, or too slow to come. */
  CONNECT("connect"),
  /** The connection ended before the answer did. */
  CONNECTION_LOST("connection-lost"),
  /** What came was not HTTP/1.1. */
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
