package io.kvroute.config;

import java.time.Duration;

/**
 * How long the router waits.
 *
 * @param connect for a connection to a replica
 * @param answer for the first byte of a response body, and between two of its bytes; long, because
 *     an engine may queue and prefill
 * @param keepAlive for the next request on a client's connection
 * @param request for a complete request, from its first byte
 * @param drainDelay from the signal to stop, which fails readiness, to the end of accepting
 *     requests, so that load balancers stop sending first
 * @param shutdown for running requests when the router no longer accepts new ones
 */
public record Timeouts(
    Duration connect,
    Duration answer,
    Duration keepAlive,
    Duration request,
    Duration drainDelay,
    Duration shutdown) {

  static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(3),
          Duration.ofMinutes(10),
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30));

  static Timeouts read(Section in) {
    return new Timeouts(
        in.value("connect", DEFAULT.connect, ValueTypes.DURATION),
        in.value("answer", DEFAULT.answer, ValueTypes.DURATION),
        in.value("keep-alive", DEFAULT.keepAlive, ValueTypes.DURATION),
        in.value("request", DEFAULT.request, ValueTypes.DURATION),
        in.value("drain-delay", DEFAULT.drainDelay, ValueTypes.DURATION),
        in.value("shutdown", DEFAULT.shutdown, ValueTypes.DURATION));
  }
}
