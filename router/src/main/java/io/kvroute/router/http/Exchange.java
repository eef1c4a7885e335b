package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.http.ExchangeState.Answering;
import io.kvroute.router.http.ExchangeState.Keys;
import io.kvroute.router.http.ExchangeState.Over;
import io.kvroute.router.http.ExchangeState.Waiting;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.UsageFilter;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.Reservation;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.upstream.AnswerListener;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.upstream.Failure;
import io.kvroute.router.upstream.OutgoingRequest;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one request, from its whole body to the end of its answer.
 *
 * <pre>
 *   Keys ──────► Waiting ──────► Answering ──────► Over
 *    │   keys     │ ▲  first body byte   last byte  ▲
 *    │            └─┘ another replica               │
 *    └────────────┴── refused, or the client left ──┘
 * </pre>
 *
 * <p>While it is waiting the client has seen nothing: vLLM sends its 200 before it has prefilled,
 * so an answer's head is held until its first body byte, and until then the request can move to
 * another replica. Whatever happens, the reservation is closed, the replica's connection is closed
 * or given back, and the client's connection hears of the end, each once. Confined to the client's
 * event loop.
 */
final class Exchange implements AnswerListener {

  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int UNAVAILABLE = 503;
  private static final String TIMEOUT = "timeout";

  private final DataPlane plane;
  private final DataPortOptions options;
  private final ClientConnection client;
  private final ApiRequest request;
  private final String model;
  private final @Nullable String session;
  private final String requestId;
  private final boolean usageAdded;
  private final AttemptHistory tries;
  private final InactivityTimer patience;
  private final long startNanos = System.nanoTime();

  private ExchangeState state;
  private PromptKeys keys = PromptKeys.unknown(0);

  Exchange(
      DataPlane plane,
      DataPortOptions options,
      ClientConnection client,
      RequestPreparer.Accepted accepted) {
    this.plane = plane;
    this.options = options;
    this.client = client;
    this.request = accepted.request().withoutBody();
    this.model = accepted.model();
    this.session = accepted.session();
    this.requestId = accepted.requestId();
    this.usageAdded = accepted.usageAdded();
    this.state = new Keys(accepted);
    this.tries = new AttemptHistory(options.maxAttempts());
    this.patience = new InactivityTimer(options.timeouts().answerMillis());
  }

  /** Begins. It may be over when this returns. */
  void start() {
    if (state instanceof Keys making) {
      if (request.endpoint().byPrefix()) {
        making.cancel =
            plane.keys().keysOf(making.accepted.request(), client.lane().loop(), this::keysKnown);
      } else {
        keysKnown(PromptKeys.unknown(making.accepted.estimatedTokens()));
      }
    }
  }

  private void keysKnown(PromptKeys known) {
    if (state instanceof Keys making) {
      keys = known;
      send(making.accepted.outgoing());
    }
  }

  /** Has the router pick a replica, and sends the request there. */
  private void send(OutgoingRequest outgoing) {
    try {
      switch (plane.router().route(query())) {
        case Decision.Reserved reserved -> send(outgoing, reserved.reservation());
        case Decision.UnknownModel unknown ->
            refuse(
                ApiErrors.unknownModel(model, plane.fleet().snapshot().models()), "unknown-model");
        case Decision.NoneReady none -> refuse(ApiErrors.noReplica(model), "none-ready");
      }
    } catch (RuntimeException e) {
      if (state instanceof Over) {
        throw e;
      }
      LOG.error("routing failed", e);
      abandon(new Outcome.ReplicaFailed("internal"));
      refuse(ApiErrors.internal(), "internal");
    }
  }

  private void send(OutgoingRequest outgoing, Reservation reservation) {
    tries.begin();
    patience.begin(System.nanoTime());
    Attempt attempt = client.lane().upstream().attempt(outgoing, this);
    state = new Waiting(outgoing, reservation, attempt);
    attempt.start(reservation.replica());
  }

  @Override
  public void head(Head head, Framing framing) {
    if (state instanceof Waiting waiting) {
      waiting.head = head;
      waiting.framing = framing;
      if (head.status() == UNAVAILABLE) {
        moveOn(waiting);
      }
    }
  }

  /** An engine is full: another may not be. Where there is no other, its refusal is the answer. */
  private void moveOn(Waiting waiting) {
    waiting.reservation.close(new Outcome.Refused(UNAVAILABLE));
    if (tries.againAfter(waiting.reservation.replica().id()) && isAnotherReady()) {
      waiting.attempt.cancel();
      plane.metrics().retried("unavailable");
      send(waiting.outgoing);
    }
  }

  private boolean isAnotherReady() {
    for (ReplicaView replica : plane.fleet().snapshot().serving(model)) {
      if (replica.ready(model) && !tries.failed().contains(replica.id())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void body(ByteBuf bytes) {
    patience.moved();
    if (relay().pass(bytes)) {
      plane.metrics().firstToken(model, System.nanoTime() - startNanos);
    }
  }

  @Override
  public void readComplete() {
    if (state instanceof Answering answering) {
      answering.relay().flush();
    }
  }

  /** The client has taken enough for more to be read. */
  void clientWritable() {
    patience.moved();
    if (state instanceof Answering answering) {
      answering.relay().resume();
    }
  }

  @Override
  public void end() {
    Relay relay = relay();
    if (relay.end()) {
      complete(relay);
    } else {
      breakOff(relay, ApiErrors.upstreamFailed(), Failure.CONNECTION_LOST.label());
    }
  }

  @Override
  public void failed(Failure failure) {
    switch (state) {
      case Waiting waiting -> tryAgain(waiting, failure);
      case Answering answering -> {
        if (answering.relay().sawEnd()) {
          complete(answering.relay());
        } else {
          breakOff(answering.relay(), ApiErrors.upstreamFailed(), failure.label());
        }
      }
      case Keys making -> {}
      case Over over -> {}
    }
  }

  @Override
  public void reconnecting() {
    plane.metrics().retried("stale-connection");
  }

  private void tryAgain(Waiting waiting, Failure failure) {
    boolean reached = failure != Failure.CONNECT;
    waiting.reservation.close(new Outcome.ReplicaFailed(failure.label(), reached));
    if (tries.againAfter(waiting.reservation.replica().id())) {
      plane.metrics().retried(failure.label());
      send(waiting.outgoing);
    } else {
      refuse(ApiErrors.upstreamFailed(), failure.label());
    }
  }

  /** The client has gone: the engine is to stop at once. */
  void clientLeft() {
    if (!(state instanceof Over)) {
      abandon(new Outcome.ClientLeft());
      over(DataPortMetrics.CLIENT_LEFT);
    }
  }

  /** Looks whether someone has been silent for too long. */
  void tick(long nowNanos) {
    if (!patience.isOver(nowNanos)) {
      return;
    }
    switch (state) {
      case Waiting waiting -> {
        abandon(new Outcome.ReplicaFailed(TIMEOUT));
        refuse(ApiErrors.upstreamTimeout(), TIMEOUT);
      }
      case Answering answering -> {
        if (answering.relay().isPaused()) {
          client.close();
        } else {
          breakOff(answering.relay(), ApiErrors.upstreamTimeout(), TIMEOUT);
        }
      }
      case Keys making -> {}
      case Over over -> {}
    }
  }

  /**
   * The way to the client. Where there was none, the answer goes there from here on, and the
   * request's body is let go.
   */
  private Relay relay() {
    if (state instanceof Answering answering) {
      return answering.relay();
    }
    if (!(state instanceof Waiting waiting) || waiting.head == null || waiting.framing == null) {
      throw new IllegalStateException("an answer in state " + state);
    }
    AnswerWatch watch = AnswerWatch.of(waiting.head, request, waiting.reservation.wantsAnswer());
    UsageFilter filter = usageAdded && watch.streamed() ? new UsageFilter() : null;
    Relay relay =
        new Relay(client, waiting.reservation, waiting.attempt, watch, waiting.framing, filter);
    state = new Answering(relay);
    client.releaseBody();
    relay.begin(waiting.head, lines(waiting.reservation));
    return relay;
  }

  private void complete(Relay relay) {
    if (relay.complete() instanceof Outcome.Completed completed) {
      plane.keys().answered(request, keys, completed.promptTokens());
      relay.tellAnswer(plane.keys(), request, client.lane().loop());
    }
    if (relay.status() < 400) {
      plane.metrics().completed(model, System.nanoTime() - startNanos);
    }
    over(relay.status());
    client.answered(client.isPersistent());
  }

  private void breakOff(Relay relay, ApiError error, String reason) {
    relay.abandon(new Outcome.ReplicaFailed(reason));
    relay.breakOff(error);
    over(error.status());
    client.answered(false);
  }

  private void refuse(ApiError error, String reason) {
    plane.metrics().rejected(reason);
    over(error.status());
    client.reply(Reply.of(error), requestId);
  }

  private void abandon(Outcome outcome) {
    switch (state) {
      case Keys making -> making.cancel.run();
      case Waiting waiting -> {
        waiting.attempt.cancel();
        waiting.reservation.close(outcome);
      }
      case Answering answering -> answering.relay().abandon(outcome);
      case Over over -> {}
    }
  }

  private void over(int code) {
    state = new Over();
    boolean known = !plane.fleet().snapshot().serving(model).isEmpty();
    Endpoint endpoint = request.endpoint();
    plane.metrics().answered(known ? model : null, endpoint, code);
  }

  private RouteQuery query() {
    return new RouteQuery(
        model, keys, session, request.choices(), tries.failed(), request.stream());
  }

  /** The router's own header lines of an answer. */
  private String lines(Reservation reservation) {
    StringBuilder lines = new StringBuilder(160);
    lines.append("x-request-id: ").append(requestId);
    lines.append("\r\nx-kvroute-replica: ").append(reservation.replica().id());
    if (options.routingHeaders()) {
      lines.append("\r\nx-kvroute-mode: ").append(keys.mode().label());
      lines.append("\r\nx-kvroute-prompt-tokens: ").append(keys.tokens());
      lines.append("\r\nx-kvroute-matched-tokens: ").append(reservation.matchedTokens());
    }
    return lines.append("\r\n").toString();
  }
}
