package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.Router;

/** What requests pass through on their way. All of it is thread-safe. */
public record DataPlane(
    KeySource keys, Router router, Fleet fleet, DataPortMetrics metrics, Guards guards) {}
