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
import java.util.List;
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
  private static final int SERVICE_UNAVAILABLE = 503;
  private static final String TIMEOUT = "timeout";
  private static final String SHUTDOWN = "shutdown";

  private final DataPortServices services;
  private final boolean routingHeaders;
  private final ClientConnection client;
  private final RequestInfo info;
  private final String model;
  private final AttemptHistory attempts;
  private final InactivityTimer inactivity;
  private final ExchangeMetrics metrics;

  private ExchangeState state;
  private PromptKeys keys = PromptKeys.unknown(0);

  Exchange(
      DataPortServices services,
      FailureLog failures,
      DataPortOptions options,
      ClientConnection client,
      RequestPreparer.PreparedRequest prepared) {
    this.services = services;
    this.routingHeaders = options.api().routingHeaders();
    this.client = client;
    this.info = prepared.info();
    this.model = info.model();
    this.state = new ComputingKeys(prepared);
    this.attempts = new AttemptHistory(options.maxAttempts());
    this.inactivity = new InactivityTimer(options.timeouts().responseMillis());
    this.metrics = new ExchangeMetrics(services, failures, prepared);
  }

  /** Starts the exchange, which may have finished already when this returns. */
  void start() {
    if (state instanceof ComputingKeys computing) {
      if (info.request().endpoint().byPrefix()) {
        computing.cancel =
            services
                .keys()
                .keysOf(
                    computing.prepared.request(), client.loopContext().loop(), this::keysComputed);
      } else {
        keysComputed(PromptKeys.unknown(computing.prepared.estimatedTokens()));
      }
    }
  }

  private void keysComputed(PromptKeys computed) {
    if (state instanceof ComputingKeys computing) {
      keys = computed;
      metrics.keysComputed(computed);
      routeAndSend(computing.prepared.outgoing());
    }
  }

  private void routeAndSend(OutgoingRequest outgoing) {
    try {
      switch (services.router().route(info.routeQuery(keys, attempts.failedReplicas()))) {
        case Decision.Reserved reserved -> send(outgoing, reserved.reservation());
        case Decision.UnknownModel unknown -> refuseModel(services.fleet().snapshot().models());
        case Decision.NoneReady none -> refuse(ApiErrors.noReplica(model), "none-ready");
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

  /** Until a replica has said what it serves, every model may exist. */
  private void refuseModel(List<String> served) {
    if (served.isEmpty()) {
      refuse(ApiErrors.noReplica(model), "none-ready");
    } else {
      refuse(ApiErrors.unknownModel(model, served), "unknown-model");
    }
  }

  private void send(OutgoingRequest outgoing, Reservation reservation) {
    attempts.begin();
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
      if (head.status() == SERVICE_UNAVAILABLE) {
        retryElsewhere(awaiting);
      }
    }
  }

  /** A full engine answered 503: tries another replica, or passes the 503 on if none is ready. */
  private void retryElsewhere(AwaitingResponse awaiting) {
    awaiting.reservation.close(new Outcome.Refused(SERVICE_UNAVAILABLE));
    metrics.attemptFailed(awaiting.reservation.replica().id(), "unavailable");
    if (attempts.mayRetryAfter(awaiting.reservation.replica().id())
        && attempts.isAnotherReady(services.fleet(), model)) {
      awaiting.attempt.cancel();
      metrics.retried("unavailable");
      routeAndSend(awaiting.outgoing);
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
    switch (state) {
      case AwaitingResponse awaiting -> retryAfter(awaiting, failure);
      case Responding responding -> {
        if (responding.relay().sawDone()) {
          complete(responding.relay());
        } else {
          truncate(responding.relay(), ApiErrors.upstreamFailed(), failure.label());
        }
      }
      case ComputingKeys computing -> {}
      case Finished finished -> {}
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
    if (attempts.mayRetryAfter(awaiting.reservation.replica().id())) {
      metrics.retried(failure.label());
      routeAndSend(awaiting.outgoing);
    } else {
      refuse(ApiErrors.upstreamFailed(), failure.label());
    }
  }

  /** The client has disconnected: cancels the request so that the engine stops at once. */
  void clientLeft() {
    if (!(state instanceof Finished)) {
      state.abandon(new Outcome.ClientLeft());
      metrics.clientLeft();
      finish(DataPortMetrics.CLIENT_LEFT);
    }
  }

  /** The router stops and can wait no longer: ends the response with an error. */
  void routerStops() {
    switch (state) {
      case Responding responding ->
          truncate(
              responding.relay(), ApiErrors.shuttingDown(), new Outcome.ClientLeft(), SHUTDOWN);
      case AwaitingResponse awaiting -> {
        state.abandon(new Outcome.ClientLeft());
        refuse(ApiErrors.shuttingDown(), SHUTDOWN);
      }
      case ComputingKeys computing -> {
        state.abandon(new Outcome.ClientLeft());
        refuse(ApiErrors.shuttingDown(), SHUTDOWN);
      }
      case Finished finished -> {}
    }
  }

  /** Checks for inactivity of the replica or the client. */
  void tick(long nowNanos) {
    if (!inactivity.isExpired(nowNanos)) {
      return;
    }
    switch (state) {
      case AwaitingResponse awaiting -> {
        state.abandon(new Outcome.ReplicaFailed(TIMEOUT));
        metrics.attemptFailed(awaiting.reservation.replica().id(), TIMEOUT);
        refuse(ApiErrors.upstreamTimeout(), TIMEOUT);
      }
      case Responding responding -> {
        if (responding.relay().isPaused()) {
          client.close();
        } else {
          truncate(responding.relay(), ApiErrors.upstreamTimeout(), TIMEOUT);
        }
      }
      case ComputingKeys computing -> {}
      case Finished finished -> {}
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
    ResponseRelay relay = ResponseRelay.open(client, awaiting, info);
    state = new Responding(relay);
    client.releaseBody();
    relay.begin(
        awaiting.head,
        routingHeaders
            ? RouterHeaders.withRouting(info.requestId(), awaiting.reservation, keys)
            : RouterHeaders.of(info.requestId(), awaiting.reservation));
    return relay;
  }

  private void complete(ResponseRelay relay) {
    if (relay.complete() instanceof Outcome.Completed completed) {
      metrics.usage(completed);
      services.keys().promptTokensReported(info.request(), keys, completed.promptTokens());
      relay.reportGeneratedIds(services.keys(), info.request(), client.loopContext().loop());
    }
    if (relay.status() < 400) {
      metrics.completed();
    }
    finish(relay.status());
    client.responseWritten(client.isPersistent());
  }

  /** Ends a response that cannot be completed; the client's connection closes behind it. */
  private void truncate(ResponseRelay relay, ApiError error, String reason) {
    metrics.attemptFailed(relay.replica(), reason);
    truncate(relay, error, new Outcome.ReplicaFailed(reason), reason);
  }

  private void truncate(ResponseRelay relay, ApiError error, Outcome outcome, String reason) {
    relay.abandon(outcome);
    metrics.truncated(reason);
    relay.writeError(error);
    finish(error.status());
    client.responseWritten(false);
  }

  private void refuse(ApiError error, String reason) {
    metrics.rejected(reason);
    finish(error.status());
    client.respond(LocalResponse.of(error), info.requestId());
  }

  private void finish(int code) {
    state = new Finished();
    metrics.finished(code);
  }
}
