package io.kvroute.router.admin;

import io.kvroute.router.fleet.Fleet;
import java.util.function.BooleanSupplier;

/**
 * Whether the router lives, and whether it is worth sending traffic to: ready means that the data
 * port listens, that the router is not being stopped, and that at least one replica is up.
 */
final class Health {

  private final Fleet fleet;
  private final BooleanSupplier serving;

  /**
   * A view of the router's health.
   *
   * @param serving whether the data port takes new requests
   */
  Health(Fleet fleet, BooleanSupplier serving) {
    this.fleet = fleet;
    this.serving = serving;
  }

  AdminAnswer live() {
    return AdminAnswer.text(200, "alive\n");
  }

  AdminAnswer ready() {
    if (!serving.getAsBoolean()) {
      return AdminAnswer.text(503, "not ready: not taking new requests\n");
    }
    if (!fleet.snapshot().anyReady()) {
      return AdminAnswer.text(503, "not ready: no replica is up; see /replicas\n");
    }
    return AdminAnswer.text(200, "ready\n");
  }
}
