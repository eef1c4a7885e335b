package io.kvroute.router.route;

/** What becomes of a request. */
public sealed interface Decision {

  /** Send it to the ticket's replica; the reservation is already made. */
  record Go(Ticket ticket) implements Decision {}

  /** No replica serves the model. */
  record UnknownModel() implements Decision {}

  /** Replicas serve the model, but none can take a request now. */
  record NoneReady() implements Decision {}
}
