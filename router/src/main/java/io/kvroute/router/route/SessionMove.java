package io.kvroute.router.route;

/** Whether a request went to the replica of its session's last request. */
enum SessionMove {
  /** The request names no session, or the session has had no request lately. */
  NONE,
  STAYED,
  MOVED
}
