package io.kvroute.router.http;

import io.kvroute.router.http.ExchangeState.AwaitingResponse;
import io.kvroute.router.http.ExchangeState.ComputingKeys;
import io.kvroute.router.http.ExchangeState.Finished;
import io.kvroute.router.http.ExchangeState.Responding;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.upstream.Failure;
import io.kvroute.router.upstream.OutgoingRequest;
import io.kvroute.router.upstream.ResponseListener;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one request, from its complete body to the end of its response.
 *
 * <pre>
 *   ComputingKeys ──► AwaitingResponse ──► Responding ──► Finished
 *         │     keys     │  ▲   first body byte   last byte   ▲
 *         │              └──┘ retry on another replica        │
 *         └──────────────┴──── refused, or the client left ───┘
 * </pre>
 *
 * <p>vLLM sends its status 200 before it has prefilled the prompt. The exchange therefore holds the
 * response head until the first body byte arrives, and until then it can move the request to
 * another replica unnoticed by the client.
 *
 * <p>On every path the exchange closes the reservation once, closes the replica's connection or
 * returns it to the pool once, and reports the end to the client's connection once. Confined to the
 * client's event loop.
 */
final class Exchange implements ResponseListener {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final String SHUTDOWN = "shutdown";

  private final DataPortServices services;
  private final boolean routingHeaders;
  private final ClientConnection client;
  private final RequestInfo info;
  private final String model;
  private final Attempts attempts;
  private final Placement placement;
  private final InactivityTimer inactivity;
  private final ExchangeMetrics metrics;
  private final ExchangeEnding ending;

  private ExchangeState state;
  private PromptKeys keys = PromptKeys.unknown(0);

  Exchange(
      DataPortServices services,
      FailureLog failures,
      DataPortOptions options,
      RetryBudget retryBudget,
      ClientConnection client,
      RequestPreparer.PreparedRequest prepared) {
    this.services = services;
    this.routingHeaders = options.api().routingHeaders();
    this.client = client;
    this.info = prepared.info();
    this.model = info.model();
    this.state = new ComputingKeys(prepared);
    this.placement = new Placement(services.fleet(), options.timeouts().silenceMillis());
    this.inactivity = new InactivityTimer(options.timeouts().responseMillis());
    this.metrics = new ExchangeMetrics(services, failures, prepared);
    this.attempts =
        new Attempts(services.router(), info, retryBudget, options.maxAttempts(), metrics);
    this.ending = new ExchangeEnding(client, info, attempts, metrics);
  }

  /** Starts the exchange, which may have finished already when this returns. */
  void start() {
    attempts.begin();
    if (state instanceof ComputingKeys computing) {
      if (info.request().endpoint().byPrefix()) {
        Executor loop = client.loopContext().loop();
        computing.cancel =
            services.keys().keysOf(computing.prepared.request(), loop, this::keysComputed);
      } else {
        keysComputed(PromptKeys.unknown(computing.prepared.estimatedTokens()));
      }
    }
  }

  private void keysComputed(PromptKeys computed) {
    if (state instanceof ComputingKeys computing) {
      keys = computed;
      metrics.keysComputed(computed);
      routeAndSend(computing.prepared.outgoing(), null);
    }
  }

  /**
   * Sends the request to a replica that has not been sent it.
   *
   * @param lastFailure how the attempt before failed, null for the first attempt
   */
  private void routeAndSend(OutgoingRequest outgoing, @Nullable Failure lastFailure) {
    try {
      switch (attempts.route(keys)) {
        case Decision.Reserved reserved -> send(outgoing, reserved.reservation());
        case Decision.UnknownModel unknown ->
            refuse(Refusal.unknownModel(model, services.fleet().snapshot().models()));
        case Decision.NoneReady none -> refuse(Refusal.noneReady(model, none, lastFailure));
      }
    } catch (RuntimeException e) {
      if (state instanceof Finished) {
        throw e;
      }
      LOG.error("cannot route a request for model {}", model, e);
      state.abandon(new Outcome.ReplicaFailed("internal"));
      refuse(ApiErrors.internal(), "internal");
    }
  }

  private void send(OutgoingRequest outgoing, Reservation reservation) {
    attempts.sentTo(reservation.replica().id());
    metrics.sending(reservation);
    inactivity.restart(System.nanoTime());
    Attempt attempt = client.loopContext().upstream().attempt(outgoing, this);
    state = new AwaitingResponse(outgoing, reservation, attempt);
    attempt.start(reservation.replica());
  }

  @Override
  public void head(Head head, Framing framing) {
    if (state instanceof AwaitingResponse awaiting) {
      awaiting.head = head;
      awaiting.framing = framing;
      Reservation other = attempts.insteadOf(head.status(), awaiting.reservation, keys);
      resend(awaiting, new Outcome.Refused(head.status(), RetryAfter.nanos(head)), other);
    }
  }

  /** Ends an attempt and sends the request elsewhere, if there is an elsewhere. */
  private void resend(AwaitingResponse awaiting, Outcome end, @Nullable Reservation other) {
    if (other != null) {
      metrics.attemptFailed(awaiting.reservation.replica().id(), Placement.reason(end));
      awaiting.abandon(end);
      send(awaiting.outgoing, other);
    }
  }

  @Override
  public void body(ByteBuf bytes) {
    inactivity.markActive();
    if (relay().forward(bytes)) {
      metrics.firstToken();
    }
  }

  @Override
  public void readComplete() {
    if (state instanceof Responding responding) {
      responding.relay().flush();
    }
  }

  /** The client has read enough for the replica's response to be read again. */
  void clientWritable() {
    inactivity.markActive();
    if (state instanceof Responding responding) {
      responding.relay().resumeReading();
    }
  }

  @Override
  public void end() {
    ResponseRelay relay = relay();
    if (relay.endOfBody()) {
      complete(relay);
    } else {
      truncate(relay, ApiErrors.upstreamFailed(), Failure.CONNECTION_LOST.label());
    }
  }

  @Override
  public void failed(Failure failure) {
    if (state instanceof AwaitingResponse awaiting) {
      retryAfter(awaiting, failure);
    } else if (state instanceof Responding responding) {
      if (responding.relay().sawDone()) {
        complete(responding.relay());
      } else {
        truncate(responding.relay(), ApiErrors.upstreamFailed(), failure.label());
      }
    }
  }

  @Override
  public void reconnecting() {
    metrics.retried("stale-connection");
  }

  private void retryAfter(AwaitingResponse awaiting, Failure failure) {
    boolean reached = failure != Failure.CONNECT;
    awaiting.reservation.close(new Outcome.ReplicaFailed(failure.label(), reached));
    metrics.attemptFailed(awaiting.reservation.replica().id(), failure.label());
    if (attempts.isAnotherAllowed()) {
      metrics.retried(failure.label());
      routeAndSend(awaiting.outgoing, failure);
    } else {
      refuse(ApiErrors.upstreamFailed(), failure.label());
    }
  }

  /** The client has disconnected: cancels the request so that the engine stops at once. */
  void clientLeft() {
    if (!(state instanceof Finished)) {
      state.abandon(new Outcome.ClientLeft());
      state = new Finished();
      ending.clientLeft();
    }
  }

  /** The router stops and can wait no longer: ends the response with an error. */
  void routerStops() {
    if (state instanceof Responding responding) {
      state = new Finished();
      ending.truncated(
          responding.relay(), ApiErrors.shuttingDown(), new Outcome.ClientLeft(), SHUTDOWN);
    } else if (!(state instanceof Finished)) {
      state.abandon(new Outcome.ClientLeft());
      refuse(ApiErrors.shuttingDown(), SHUTDOWN);
    }
  }

  /** Checks the replica's state and progress, and the inactivity of the replica or the client. */
  void tick(long nowNanos) {
    boolean expired = inactivity.isExpired(nowNanos);
    if (state instanceof AwaitingResponse awaiting) {
      Outcome end = placement.reasonToMove(awaiting, nowNanos);
      if (expired) {
        state.abandon(new Outcome.ReplicaFailed(Placement.TIMEOUT));
        metrics.attemptFailed(awaiting.reservation.replica().id(), Placement.TIMEOUT);
        refuse(ApiErrors.upstreamTimeout(), Placement.TIMEOUT);
      } else if (end != null && placement.isAnotherReady(model, attempts.tried())) {
        resend(awaiting, end, attempts.moveAfter(end, keys));
      }
    } else if (state instanceof Responding responding) {
      ResponseRelay relay = responding.relay();
      Placement.End end = expired ? Placement.EXPIRED : placement.reasonToEnd(relay, nowNanos);
      if (expired && relay.isPaused()) {
        client.close();
      } else if (end != null) {
        truncate(relay, end.error(), end.reason());
      }
    }
  }

  /** The relay to the client. The first call writes the head and releases the request body. */
  private ResponseRelay relay() {
    if (state instanceof Responding responding) {
      return responding.relay();
    }
    if (!(state instanceof AwaitingResponse awaiting) || awaiting.head == null) {
      throw new IllegalStateException("a response body in state " + state);
    }
    ResponseRelay relay = ResponseRelay.open(client, awaiting, info, routingHeaders ? keys : null);
    state = new Responding(relay);
    return relay;
  }

  private void complete(ResponseRelay relay) {
    Outcome outcome = relay.complete(services.keys(), info.request(), keys);
    state = new Finished();
    ending.completed(relay.status(), outcome);
  }

  /** Ends a response that the replica cannot complete. */
  private void truncate(ResponseRelay relay, ApiError error, String reason) {
    metrics.attemptFailed(relay.replica(), reason);
    state = new Finished();
    ending.truncated(relay, error, new Outcome.ReplicaFailed(reason), reason);
  }

  private void refuse(ApiError error, String reason) {
    refuse(Refusal.of(error, reason));
  }

  private void refuse(Refusal refusal) {
    state = new Finished();
    ending.refused(refusal);
  }
}
