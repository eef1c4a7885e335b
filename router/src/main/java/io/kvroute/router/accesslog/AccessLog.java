package io.kvroute.router.accesslog;

/** Receives the requests that have ended. Thread-safe. */
public interface AccessLog {

  /** Writes nothing. */
  AccessLog OFF = entry -> {};

  /** Takes a request; never blocks, and drops the request if too many wait to be written. */
  void add(AccessEntry entry);
}
