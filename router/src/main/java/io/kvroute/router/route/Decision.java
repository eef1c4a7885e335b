package io.kvroute.router.route;

/** Where a request goes. */
public sealed interface Decision {

  /** To the reservation's replica. */
  record Reserved(Reservation reservation) implements Decision {}

  /** Nowhere: no replica serves the model. */
  record UnknownModel() implements Decision {}

  /** Nowhere: replicas serve the model, but none can take a request now. */
  record NoneReady() implements Decision {}
}
