package io.kvroute.router.http;

import io.kvroute.router.route.Reservation;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.upstream.OutgoingRequest;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import org.jspecify.annotations.Nullable;

/** Where an {@link Exchange} stands, and what it holds there. */
sealed interface ExchangeState {

  /** The prompt's keys are being made. */
  final class Keys implements ExchangeState {
    final RequestPreparer.Accepted accepted;
    Runnable cancel = () -> {};

    Keys(RequestPreparer.Accepted accepted) {
      this.accepted = accepted;
    }
  }

  /** A replica has the request; the client has nothing yet. */
  final class Waiting implements ExchangeState {
    final OutgoingRequest outgoing;
    final Reservation reservation;
    final Attempt attempt;

    /** The answer's head once it has come, held until the first body byte. */
    @Nullable Head head;

    @Nullable Framing framing;

    Waiting(OutgoingRequest outgoing, Reservation reservation, Attempt attempt) {
      this.outgoing = outgoing;
      this.reservation = reservation;
      this.attempt = attempt;
    }
  }

  /** The answer's head has gone out, and the request's body is let go. */
  record Answering(Relay relay) implements ExchangeState {}

  /** Nothing is held any more. */
  record Over() implements ExchangeState {}
}
