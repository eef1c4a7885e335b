package io.kvroute.router.route;

import io.kvroute.router.fleet.Fleet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What a router shares with its reservations.
 *
 * @param lock guards all state of decisions
 * @param clockNanos nanoseconds of any clock that does not go backwards
 * @param observer called without the lock
 * @param fleet called without the lock, because it calls its listeners, which take the lock
 */
record RouterContext(
    ReentrantLock lock, LongSupplier clockNanos, RouteObserver observer, Fleet fleet) {}
