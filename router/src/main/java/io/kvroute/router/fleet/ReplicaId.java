package io.kvroute.router.fleet;

/** A replica's opaque name, safe to show to clients: it does not reveal the address. */
public record ReplicaId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
