package io.kvroute.router.probe;

/** A round that did not show a replica to be well. Carries no stack. */
final class ProbeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean certain;
  private final boolean brokeOff;

  /**
   * What went wrong.
   *
   * @param certain whether the replica is surely not serving; else it may only be slow
   */
  ProbeException(String reason, boolean certain) {
    this(reason, certain, false);
  }

  private ProbeException(String reason, boolean certain, boolean brokeOff) {
    super(reason, null, false, false);
    this.certain = certain;
    this.brokeOff = brokeOff;
  }

  /** The connection was lost before the answer was whole. */
  static ProbeException brokenOff(String reason) {
    return new ProbeException(reason, false, true);
  }

  boolean brokeOff() {
    return brokeOff;
  }

  boolean certain() {
    return certain;
  }
}
