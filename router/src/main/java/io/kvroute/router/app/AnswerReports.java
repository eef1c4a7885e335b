package io.kvroute.router.app;

import io.kvroute.router.probe.Probes;
import io.kvroute.router.route.RouteObserver;

/** Reports each complete answer to the probes, which then need not ask that replica's health. */
record AnswerReports(Probes probes) implements RouteObserver {

  @Override
  public void routed(Routed routed) {}

  @Override
  public void finished(Finished finished) {
    probes.answered(finished.routed().replica());
  }

  @Override
  public void session(boolean stayed) {}
}
