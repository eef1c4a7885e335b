package io.kvroute.router.http;

import io.kvroute.router.route.Ticket;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import org.jspecify.annotations.Nullable;

/** Where an {@link Exchange} stands, and what it holds there. */
sealed interface ExchangeState {

  /** The prompt's keys are being made. */
  final class Keys implements ExchangeState {
    Runnable cancel = () -> {};
  }

  /** A replica has the request; the client has nothing yet. */
  final class Waiting implements ExchangeState {
    final Ticket ticket;
    final Attempt attempt;

    /** The answer's head once it has come, held until the first body byte. */
    @Nullable Head head;

    @Nullable Framing framing;

    Waiting(Ticket ticket, Attempt attempt) {
      this.ticket = ticket;
      this.attempt = attempt;
    }
  }

  /** The answer's head has gone out. */
  final class Answering implements ExchangeState {
    final Ticket ticket;
    final Attempt attempt;
    final AnswerWatch watch;
    final int status;
    final boolean endsWithConnection;
    private final Framing.Kind framing;
    boolean prefilled;

    /** Whether the answer is not read because the client does not take it. */
    boolean paused;

    Answering(Waiting waiting, AnswerWatch watch, int status, Framing framing) {
      this.ticket = waiting.ticket;
      this.attempt = waiting.attempt;
      this.watch = watch;
      this.status = status;
      this.framing = framing.kind();
      this.endsWithConnection = this.framing == Framing.Kind.UNTIL_CLOSE;
    }

    /** How the client is told where the body ends; a stream's length is never promised. */
    AnswerWriter.Form form(boolean http11) {
      if (framing == Framing.Kind.NONE) {
        return AnswerWriter.Form.NONE;
      }
      if (framing == Framing.Kind.LENGTH && !watch.streamed()) {
        return AnswerWriter.Form.LENGTH;
      }
      return http11 ? AnswerWriter.Form.CHUNKED : AnswerWriter.Form.UNTIL_CLOSE;
    }
  }

  /** Nothing is held any more. */
  final class Over implements ExchangeState {}
}
