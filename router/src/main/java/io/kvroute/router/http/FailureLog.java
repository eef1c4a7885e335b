package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.SampledLog;
import org.slf4j.LoggerFactory;

/** Logs failed attempts and refused requests, of each kind a sample with a count. Thread-safe. */
final class FailureLog {

  private final SampledLog log =
      new SampledLog(LoggerFactory.getLogger(FailureLog.class), System::nanoTime);

  /**
   * A replica did not serve a request.
   *
   * @param reason from a small fixed set
   */
  void attempt(String requestId, ReplicaId replica, String reason) {
    log.warn(
        replica.value() + ' ' + reason,
        "request {}: replica {} failed: {}",
        requestId,
        replica,
        reason);
  }

  /**
   * The router refused a request.
   *
   * @param reason from a small fixed set
   */
  void refused(String requestId, String reason) {
    log.warn(reason, "request {} refused: {}", requestId, reason);
  }
}
