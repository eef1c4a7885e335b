package io.kvroute.router.route;

/**
 * The one-step decision: look up, pick, reserve and predict, so that the next request already sees
 * this one. Knows no network and takes its clock as a parameter, so that a simulation under virtual
 * time runs the same code as the proxy.
 */
public interface Router {

  /** Decides where a request goes. Thread-safe; never blocks for longer than one decision. */
  Decision route(RouteQuery query);
}
