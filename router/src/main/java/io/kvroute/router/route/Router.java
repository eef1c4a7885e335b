package io.kvroute.router.route;

/**
 * Decides in one step: looks up, picks, reserves and predicts, so that the next request already
 * sees this one. Uses no network and takes its clock as a parameter, so that a simulation under
 * virtual time runs the same code as the proxy.
 */
public interface Router {

  /** Decides where a request goes. Thread-safe; blocks for other decisions only. */
  Decision route(RouteQuery query);
}
