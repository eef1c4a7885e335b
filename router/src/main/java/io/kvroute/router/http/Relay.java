package io.kvroute.router.http;

import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.UsageFilter;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way to the client: passes its bytes on as they come, keeps the replica from
 * sending more than the client takes, and tells the router's books what is seen of it. Confined to
 * the client's event loop.
 */
final class Relay {

  /** The router's books are kept under a lock, and need not be exact to the token. */
  private static final int CHUNKS_TOLD_AT_ONCE = 8;

  private final ClientConnection client;
  private final Reservation reservation;
  private final Attempt attempt;
  private final AnswerWatch watch;
  private final int status;
  private final Framing framing;
  private final @Nullable UsageFilter filter;
  private boolean prefilled;
  private boolean paused;

  /**
   * A way to the client that nothing has gone yet.
   *
   * @param filter takes out what the client did not ask for; null where there is nothing to take
   *     out
   */
  Relay(
      ClientConnection client,
      Reservation reservation,
      Attempt attempt,
      AnswerWatch watch,
      Framing framing,
      @Nullable UsageFilter filter) {
    this.client = client;
    this.reservation = reservation;
    this.attempt = attempt;
    this.watch = watch;
    this.status = watch.status();
    this.framing = framing;
    this.filter = filter;
  }

  int status() {
    return status;
  }

  /** Whether the answer is held back because the client does not take it. */
  boolean isPaused() {
    return paused;
  }

  /** Writes the answer's head, with further lines of the router's own. */
  void begin(Head head, String lines) {
    client.writer().head(head, lines, form(), framing.length(), !client.isPersistent());
  }

  /** How the client is told where the body ends; a stream's length is never promised. */
  private AnswerWriter.Form form() {
    if (framing.kind() == Framing.Kind.NONE) {
      return AnswerWriter.Form.NONE;
    }
    if (framing.kind() == Framing.Kind.LENGTH && !watch.streamed()) {
      return AnswerWriter.Form.LENGTH;
    }
    return client.speaksHttp11() ? AnswerWriter.Form.CHUNKED : AnswerWriter.Form.UNTIL_CLOSE;
  }

  /** Passes bytes on; true if they are the first to show a token. */
  boolean pass(ByteBuf bytes) {
    watch.accept(bytes);
    if (filter == null) {
      client.writer().body(bytes);
    } else {
      write(filter.pass(bytes));
    }
    holdBack();
    if (prefilled || !watch.prefilled()) {
      return false;
    }
    prefilled = true;
    reservation.firstToken();
    return true;
  }

  /** Writes what a filter let through, if anything: an empty chunk would end the body. */
  private void write(ByteBuf filtered) {
    if (filtered.isReadable()) {
      client.writer().body(filtered);
    }
    filtered.release();
  }

  /** Sends what has been passed on. */
  void flush() {
    tellChunks(CHUNKS_TOLD_AT_ONCE);
    client.writer().flush();
    holdBack();
  }

  /** Has the replica wait while the client does not take what is there. */
  private void holdBack() {
    if (!paused && !client.isWritable()) {
      paused = true;
      attempt.reading(false);
    }
  }

  /** The client has taken enough for more to be read. */
  void resume() {
    if (paused) {
      paused = false;
      attempt.reading(true);
    }
  }

  /** The replica has sent the last byte; whether that made the answer whole. */
  boolean end() {
    watch.end();
    return framing.kind() != Framing.Kind.UNTIL_CLOSE || !watch.streamed() || watch.sawEnd();
  }

  /** Whether nothing is lost though the connection broke off. */
  boolean sawEnd() {
    return watch.sawEnd();
  }

  /** Ends the answer, whole; how the request ended. */
  Outcome complete() {
    tellChunks(1);
    Outcome outcome = watch.outcome();
    reservation.close(outcome);
    if (filter != null) {
      write(filter.rest());
    }
    client.writer().endBody();
    return outcome;
  }

  /** Tells the router's books the ids of the whole answer, once they are made from its text. */
  void tellAnswer(KeySource keys, ApiRequest request, Executor loop) {
    GeneratedText text = reservation.wantsAnswer() ? watch.text() : null;
    if (text != null) {
      keys.answerIds(
          request, text.text(), text.leastTokens(), text.mostTokens(), loop, reservation::answered);
    }
  }

  /** Ends the answer so that nobody takes it for whole. */
  void breakOff(ApiError error) {
    if (watch.streamed()) {
      client.writer().event(error.toSseEvent());
    }
  }

  /** Gives up the replica's side. */
  void abandon(Outcome outcome) {
    attempt.cancel();
    tellChunks(1);
    reservation.close(outcome);
  }

  private void tellChunks(int atLeast) {
    int fresh = watch.newChunks(atLeast);
    if (fresh > 0) {
      reservation.generated(fresh);
    }
  }
}
