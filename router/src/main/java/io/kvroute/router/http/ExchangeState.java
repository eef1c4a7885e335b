package io.kvroute.router.http;

import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.upstream.OutgoingRequest;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import org.jspecify.annotations.Nullable;

/** The state of an {@link Exchange}, with the resources it holds in that state. */
sealed interface ExchangeState {

  /**
   * Releases the resources of this state early: cancels work in progress and closes the
   * reservation, if there are any.
   */
  void abandon(Outcome outcome);

  /** The prompt's block keys are being computed. */
  final class ComputingKeys implements ExchangeState {
    final RequestPreparer.PreparedRequest prepared;
    Runnable cancel = () -> {};

    ComputingKeys(RequestPreparer.PreparedRequest prepared) {
      this.prepared = prepared;
    }

    @Override
    public void abandon(Outcome outcome) {
      cancel.run();
    }
  }

  /** A replica has the request; the client has received nothing yet. */
  final class AwaitingResponse implements ExchangeState {
    final OutgoingRequest outgoing;
    final Reservation reservation;
    final Attempt attempt;

    /** The response head once it has arrived, held until the first body byte. */
    @Nullable Head head;

    @Nullable Framing framing;

    final long sentNanos = System.nanoTime();

    AwaitingResponse(OutgoingRequest outgoing, Reservation reservation, Attempt attempt) {
      this.outgoing = outgoing;
      this.reservation = reservation;
      this.attempt = attempt;
    }

    @Override
    public void abandon(Outcome outcome) {
      attempt.cancel();
      reservation.close(outcome);
    }
  }

  /** The response head has been written to the client, and the request body has been released. */
  record Responding(ResponseRelay relay) implements ExchangeState {

    @Override
    public void abandon(Outcome outcome) {
      relay.abandon(outcome);
    }
  }

  /** All resources have been released. */
  record Finished() implements ExchangeState {

    @Override
    public void abandon(Outcome outcome) {}
  }
}
