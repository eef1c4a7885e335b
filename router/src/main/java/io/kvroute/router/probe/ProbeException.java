package io.kvroute.router.probe;

/** A round that did not show a replica to be well. Carries no stack. */
final class ProbeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean certain;

  /**
   * What went wrong.
   *
   * @param certain whether the replica is surely not serving; else it may only be slow
   */
  ProbeException(String reason, boolean certain) {
    super(reason, null, false, false);
    this.certain = certain;
  }

  boolean certain() {
    return certain;
  }
}
