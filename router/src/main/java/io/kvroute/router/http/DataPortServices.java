package io.kvroute.router.http;

import io.kvroute.router.accesslog.AccessLog;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.Router;

/** The services that the data port uses. All of them are thread-safe. */
public record DataPortServices(
    KeySource keys,
    Router router,
    Fleet fleet,
    DataPortMetrics metrics,
    AccessLog accessLog,
    Guards guards) {}
