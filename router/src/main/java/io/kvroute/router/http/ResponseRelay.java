package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.InjectedUsageFilter;
import io.kvroute.router.prompt.KeySource;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Forwards one response to the client: passes its bytes on as they arrive, pauses reading from the
 * replica while the client does not read, and reports progress to the reservation. Confined to the
 * client's event loop.
 */
final class ResponseRelay {

  /** Each report to the reservation takes a lock, and load need not be exact to the token. */
  private static final int CHUNKS_PER_REPORT = 8;

  private final ClientConnection client;
  private final Reservation reservation;
  private final Attempt attempt;
  private final ResponseInspector inspector;
  private final int status;
  private final Framing framing;
  private final @Nullable InjectedUsageFilter filter;
  private long progressNanos = System.nanoTime();
  private boolean prefilled;
  private boolean paused;

  /**
   * A relay that has not written anything yet.
   *
   * @param filter removes what the client did not ask for; null if nothing has to be removed
   */
  ResponseRelay(
      ClientConnection client,
      Reservation reservation,
      Attempt attempt,
      ResponseInspector inspector,
      Framing framing,
      @Nullable InjectedUsageFilter filter) {
    this.client = client;
    this.reservation = reservation;
    this.attempt = attempt;
    this.inspector = inspector;
    this.status = inspector.status();
    this.framing = framing;
    this.filter = filter;
  }

  /**
   * Opens a relay for the response whose head {@code awaiting} holds: writes the head and releases
   * the request's body.
   *
   * @param keys adds header lines that say how the prompt was known and matched, unless null
   */
  static ResponseRelay open(
      ClientConnection client,
      ExchangeState.AwaitingResponse awaiting,
      RequestInfo info,
      @Nullable PromptKeys keys) {
    Head head = Objects.requireNonNull(awaiting.head);
    Framing framing = Objects.requireNonNull(awaiting.framing);
    Reservation reservation = awaiting.reservation;
    ResponseInspector inspector =
        ResponseInspector.of(head, info.request(), reservation.wantsAnswer());
    InjectedUsageFilter filter =
        info.usageAdded() && inspector.streamed() ? new InjectedUsageFilter() : null;
    ResponseRelay relay =
        new ResponseRelay(client, reservation, awaiting.attempt, inspector, framing, filter);
    client.releaseBody();
    String lines = RouterHeaders.of(info.requestId(), reservation, keys);
    client.writer().head(head, lines, relay.bodyForm(), framing.length(), !client.isPersistent());
    return relay;
  }

  ReplicaId replica() {
    return reservation.replica().id();
  }

  int status() {
    return status;
  }

  Reservation reservation() {
    return reservation;
  }

  /**
   * For how long the replica has sent no event of a stream that has not announced its end; 0 for
   * other responses, and while the client does not read.
   */
  long silenceNanos(long nowNanos) {
    boolean expected = inspector.streamed() && !inspector.sawDone() && !paused;
    return expected ? nowNanos - progressNanos : 0;
  }

  /** Whether reading from the replica is paused because the client does not read. */
  boolean isPaused() {
    return paused;
  }

  /**
   * How the client learns where the body ends. A stream is never sent with a length, because the
   * router may add an error event or remove a usage event.
   */
  private ResponseWriter.BodyForm bodyForm() {
    if (framing.kind() == Framing.Kind.NONE) {
      return ResponseWriter.BodyForm.NONE;
    }
    if (framing.kind() == Framing.Kind.LENGTH && !inspector.streamed()) {
      return ResponseWriter.BodyForm.LENGTH;
    }
    return client.speaksHttp11()
        ? ResponseWriter.BodyForm.CHUNKED
        : ResponseWriter.BodyForm.UNTIL_CLOSE;
  }

  /** Forwards body bytes; returns true if they are the first to carry a token. */
  boolean forward(ByteBuf bytes) {
    inspector.accept(bytes);
    if (filter == null) {
      client.writer().body(bytes);
    } else {
      write(filter.pass(bytes));
    }
    pauseIfUnwritable();
    if (prefilled || !inspector.prefilled()) {
      return false;
    }
    prefilled = true;
    reservation.firstToken();
    return true;
  }

  /** Writes what the filter let through. Skips empty buffers: an empty chunk would end the body. */
  private void write(ByteBuf filtered) {
    if (filtered.isReadable()) {
      client.writer().body(filtered);
    }
    filtered.release();
  }

  /** Reports progress and flushes to the client. */
  void flush() {
    if (inspector.hasProgressed()) {
      long now = System.nanoTime();
      reservation.progressed(now - progressNanos);
      progressNanos = now;
    }
    reportChunks(CHUNKS_PER_REPORT);
    client.writer().flush();
    pauseIfUnwritable();
  }

  /** Pauses reading from the replica while the client's socket is full. */
  private void pauseIfUnwritable() {
    if (!paused && !client.isWritable()) {
      paused = true;
      attempt.reading(false);
    }
  }

  /** Resumes reading once the client has read enough. */
  void resumeReading() {
    if (paused) {
      paused = false;
      progressNanos = System.nanoTime();
      attempt.reading(true);
    }
  }

  /**
   * The replica has sent its last byte; returns whether the response is complete. A stream without
   * framing is complete only if it announced its own end.
   */
  boolean endOfBody() {
    inspector.end();
    return framing.kind() != Framing.Kind.UNTIL_CLOSE
        || !inspector.streamed()
        || inspector.sawDone();
  }

  /** Whether the stream announced its end, so that nothing is lost if the connection fails now. */
  boolean sawDone() {
    return inspector.sawDone();
  }

  /** Ends a complete response and reports what it says about the prompt and its own tokens. */
  Outcome complete(KeySource keySource, ApiRequest request, PromptKeys keys) {
    reportChunks(1);
    Outcome outcome = inspector.outcome();
    reservation.close(outcome);
    if (filter != null) {
      write(filter.rest());
    }
    client.writer().endBody();
    if (outcome instanceof Outcome.Completed completed) {
      keySource.promptTokensReported(request, keys, completed.promptTokens());
      reportGeneratedIds(keySource, request);
    }
    return outcome;
  }

  /** Reports the token ids of the response once its text has been tokenized. */
  private void reportGeneratedIds(KeySource keySource, ApiRequest request) {
    GeneratedText text = reservation.wantsAnswer() ? inspector.text() : null;
    if (text != null) {
      Executor loop = client.loopContext().loop();
      keySource.generatedIds(
          request, text.text(), text.minTokens(), text.maxTokens(), loop, reservation::answered);
    }
  }

  /**
   * Writes the error into a stream, and leaves the body unterminated so that no client takes it for
   * complete.
   */
  void writeError(ApiError error) {
    if (inspector.streamed()) {
      client.writer().event(error.toSseEvent());
    }
  }

  /** Cancels the replica's side and closes the reservation. */
  void abandon(Outcome outcome) {
    attempt.cancel();
    reportChunks(1);
    reservation.close(outcome);
  }

  private void reportChunks(int atLeast) {
    int newChunks = inspector.newChunks(atLeast);
    if (newChunks > 0) {
      reservation.generated(newChunks);
    }
  }
}
