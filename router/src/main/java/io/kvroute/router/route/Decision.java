package io.kvroute.router.route;

/** The result of a routing decision: where a request goes, if anywhere. */
public sealed interface Decision {

  /** To the reservation's replica. */
  record Reserved(Reservation reservation) implements Decision {}

  /** Nowhere: no replica serves the model. */
  record UnknownModel() implements Decision {}

  /**
   * Nowhere: replicas serve the model, but none can take a request now.
   *
   * @param retryAfterMillis when a replica that asked for a pause can take requests again, 0 where
   *     no replica asked for one
   */
  record NoneReady(long retryAfterMillis) implements Decision {}
}
