package io.kvroute.router.probe;

/** A probe that did not show a replica to be healthy. Has no stack trace. */
final class ProbeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean certain;
  private final boolean connectionLost;

  /**
   * A failed probe.
   *
   * @param reason for people
   * @param certain whether the replica is certainly not serving; otherwise it may only be slow
   */
  ProbeException(String reason, boolean certain) {
    this(reason, certain, false);
  }

  private ProbeException(String reason, boolean certain, boolean connectionLost) {
    super(reason, null, false, false);
    this.certain = certain;
    this.connectionLost = connectionLost;
  }

  /** The connection was lost before the answer was whole. */
  static ProbeException connectionLost(String reason) {
    return new ProbeException(reason, false, true);
  }

  boolean connectionLost() {
    return connectionLost;
  }

  boolean certain() {
    return certain;
  }
}
