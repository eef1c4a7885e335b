package io.kvroute.router.fleet;

/** Whether a replica can be sent requests. */
public enum ReplicaState {
  /** Not heard from yet. */
  STARTING("starting"),
  UP("up"),
  DOWN("down"),
  /** Finishes what it has and gets nothing new. */
  DRAINING("draining");

  private final String label;

  ReplicaState(String label) {
    this.label = label;
  }

  /** The name used in JSON. */
  public String label() {
    return label;
  }
}
