package io.kvroute.router.route;

/** The result of a routing decision: where a request goes, if anywhere. */
public sealed interface Decision {

  /** To the reservation's replica. */
  record Reserved(Reservation reservation) implements Decision {}

  /** Nowhere: no replica serves the model. */
  record UnknownModel() implements Decision {}

  /** Nowhere: replicas serve the model, but none can take a request now. */
  record NoneReady() implements Decision {}
}
