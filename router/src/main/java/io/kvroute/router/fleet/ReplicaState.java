package io.kvroute.router.fleet;

/** Whether a replica can be sent requests. */
public enum ReplicaState {
  /** It has not answered yet. */
  STARTING("starting"),
  UP("up"),
  DOWN("down"),
  /** It finishes its requests and receives no new ones. */
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
