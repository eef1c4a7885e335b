package io.kvroute.router.admin;

import io.kvroute.router.fleet.Fleet;
import java.util.function.BooleanSupplier;

/**
 * Liveness and readiness of the router. Ready means that the data port listens, the router is not
 * stopping, and at least one replica is up.
 */
final class Health {

  private final Fleet fleet;
  private final BooleanSupplier serving;

  /**
   * A view of the router's health.
   *
   * @param serving whether the data port accepts new requests
   */
  Health(Fleet fleet, BooleanSupplier serving) {
    this.fleet = fleet;
    this.serving = serving;
  }

  AdminResponse live() {
    return AdminResponse.text(200, "alive\n");
  }

  AdminResponse ready() {
    if (!serving.getAsBoolean()) {
      return AdminResponse.text(503, "not ready: not accepting new requests\n");
    }
    if (!fleet.snapshot().anyReady()) {
      return AdminResponse.text(503, "not ready: no replica is up; see /replicas\n");
    }
    return AdminResponse.text(200, "ready\n");
  }
}
