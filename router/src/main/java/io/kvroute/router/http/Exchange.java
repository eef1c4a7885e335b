package io.kvroute.router.http;

import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.http.ExchangeState.Answering;
import io.kvroute.router.http.ExchangeState.Keys;
import io.kvroute.router.http.ExchangeState.Over;
import io.kvroute.router.http.ExchangeState.Waiting;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.route.Decision;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.route.RouteQuery;
import io.kvroute.router.route.Ticket;
import io.kvroute.router.upstream.AnswerListener;
import io.kvroute.router.upstream.Attempt;
import io.kvroute.router.upstream.Failure;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
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

  /** The router's books are kept under a lock, and need not be exact to the token. */
  private static final int CHUNKS_TOLD_AT_ONCE = 8;

  private final DataPlane plane;
  private final DataPortOptions options;
  private final ClientConnection client;
  private final Intake.Accepted accepted;
  private final Tries tries;
  private final Patience patience;
  private final long startNanos = System.nanoTime();

  private ExchangeState state = new Keys();
  private PromptKeys keys = PromptKeys.unknown(0);

  Exchange(
      DataPlane plane, DataPortOptions options, ClientConnection client, Intake.Accepted accepted) {
    this.plane = plane;
    this.options = options;
    this.client = client;
    this.accepted = accepted;
    this.tries = new Tries(options.maxAttempts());
    this.patience = new Patience(options.timeouts().answerMillis());
  }

  /** Begins. It may be over when this returns. */
  void start() {
    ApiRequest request = accepted.request();
    if (!request.endpoint().byPrefix()) {
      keysKnown(PromptKeys.unknown(accepted.estimatedTokens()));
    } else if (state instanceof Keys making) {
      making.cancel = plane.keys().keysOf(request, client.lane().loop(), this::keysKnown);
    }
  }

  private void keysKnown(PromptKeys known) {
    if (state instanceof Keys) {
      keys = known;
      send();
    }
  }

  /** Has the router pick a replica, and sends the request there. */
  private void send() {
    try {
      switch (plane.router().route(query())) {
        case Decision.Go go -> send(go.ticket());
        case Decision.UnknownModel unknown ->
            refuse(
                ApiErrors.unknownModel(accepted.model(), plane.fleet().snapshot().models()),
                "unknown-model");
        case Decision.NoneReady none -> refuse(ApiErrors.noReplica(accepted.model()), "none-ready");
      }
    } catch (RuntimeException e) {
      LOG.error("routing failed", e);
      abandon(new Outcome.ReplicaFailed("internal"));
      refuse(ApiErrors.internal(), "internal");
    }
  }

  private void send(Ticket ticket) {
    tries.begin();
    patience.begin(System.nanoTime());
    Attempt attempt = client.lane().upstream().attempt(accepted.outgoing(), this);
    state = new Waiting(ticket, attempt);
    attempt.start(ticket.replica());
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
    waiting.ticket.close(new Outcome.Refused(UNAVAILABLE));
    if (tries.againAfter(waiting.ticket.replica().id()) && isAnotherReady()) {
      waiting.attempt.cancel();
      plane.metrics().retried("unavailable");
      send();
    }
  }

  private boolean isAnotherReady() {
    for (ReplicaView replica : plane.fleet().snapshot().serving(accepted.model())) {
      if (replica.ready(accepted.model()) && !tries.failed().contains(replica.id())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void body(ByteBuf bytes) {
    Answering answering = answering();
    patience.moved();
    answering.watch.accept(bytes);
    client.writer().body(bytes);
    if (!answering.prefilled && answering.watch.streamed() && answering.watch.prefilled()) {
      answering.prefilled = true;
      answering.ticket.firstToken();
      plane.metrics().firstToken(accepted.model(), System.nanoTime() - startNanos);
    }
  }

  @Override
  public void readComplete() {
    if (state instanceof Answering answering) {
      tellChunks(answering, CHUNKS_TOLD_AT_ONCE);
      client.writer().flush();
      if (!answering.paused && !client.isWritable()) {
        answering.paused = true;
        answering.attempt.reading(false);
      }
    }
  }

  /** The client has taken enough for more to be read. */
  void clientWritable() {
    patience.moved();
    if (state instanceof Answering answering && answering.paused) {
      answering.paused = false;
      answering.attempt.reading(true);
    }
  }

  @Override
  public void end() {
    Answering answering = answering();
    answering.watch.end();
    if (answering.endsWithConnection && answering.watch.streamed() && !answering.watch.sawEnd()) {
      breakOff(answering, ApiErrors.upstreamFailed());
    } else {
      complete(answering);
    }
  }

  @Override
  public void failed(Failure failure) {
    switch (state) {
      case Waiting waiting -> tryAgain(waiting, failure);
      case Answering answering -> {
        if (answering.watch.sawEnd()) {
          complete(answering);
        } else {
          breakOff(answering, ApiErrors.upstreamFailed());
        }
      }
      case Keys keysState -> {}
      case Over over -> {}
    }
  }

  @Override
  public void reconnecting() {
    plane.metrics().retried("stale-connection");
  }

  private void tryAgain(Waiting waiting, Failure failure) {
    boolean reached = failure != Failure.CONNECT;
    waiting.ticket.close(new Outcome.ReplicaFailed(failure.label(), reached));
    if (tries.againAfter(waiting.ticket.replica().id())) {
      plane.metrics().retried(failure.label());
      send();
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
    if (patience.isOver(nowNanos)) {
      switch (state) {
        case Waiting waiting -> {
          abandon(new Outcome.ReplicaFailed("timeout"));
          refuse(ApiErrors.upstreamTimeout(), "timeout");
        }
        case Answering answering -> {
          if (answering.paused) {
            client.close();
          } else {
            breakOff(answering, ApiErrors.upstreamTimeout());
          }
        }
        case Keys keysState -> {}
        case Over over -> {}
      }
    }
  }

  /** The answer goes to the client from here on; there is no way back. */
  private Answering answering() {
    if (state instanceof Answering answering) {
      return answering;
    }
    if (!(state instanceof Waiting waiting) || waiting.head == null || waiting.framing == null) {
      throw new IllegalStateException("an answer in state " + state);
    }
    AnswerWatch watch = AnswerWatch.of(waiting.head, accepted.request());
    Answering answering = new Answering(waiting, watch, waiting.head.status(), waiting.framing);
    state = answering;
    client
        .writer()
        .head(
            waiting.head,
            lines(waiting.ticket),
            answering.form(client.speaksHttp11()),
            waiting.framing.length(),
            !client.isPersistent());
    return answering;
  }

  private void complete(Answering answering) {
    tellChunks(answering, 1);
    answering.ticket.close(answering.watch.outcome());
    client.writer().endBody();
    if (answering.status < 400) {
      plane.metrics().completed(accepted.model(), System.nanoTime() - startNanos);
    }
    over(answering.status);
    client.answered(client.isPersistent());
  }

  /** Ends an answer so that nobody takes it for whole. */
  private void breakOff(Answering answering, ApiError error) {
    abandon(new Outcome.ReplicaFailed(error.type()));
    if (answering.watch.streamed()) {
      client.writer().event(error.toSseEvent());
    }
    over(error.status());
    client.answered(false);
  }

  private void refuse(ApiError error, String reason) {
    plane.metrics().rejected(reason);
    over(error.status());
    client.reply(Reply.of(error), accepted.requestId());
  }

  private void abandon(Outcome outcome) {
    switch (state) {
      case Keys making -> making.cancel.run();
      case Waiting waiting -> {
        waiting.attempt.cancel();
        waiting.ticket.close(outcome);
      }
      case Answering answering -> {
        answering.attempt.cancel();
        tellChunks(answering, 1);
        answering.ticket.close(outcome);
      }
      case Over over -> {}
    }
  }

  private void over(int code) {
    state = new Over();
    boolean known = !plane.fleet().snapshot().serving(accepted.model()).isEmpty();
    Endpoint endpoint = accepted.request().endpoint();
    plane.metrics().answered(known ? accepted.model() : null, endpoint, code);
  }

  private static void tellChunks(Answering answering, int atLeast) {
    int fresh = answering.watch.newChunks(atLeast);
    if (fresh > 0) {
      answering.ticket.generated(fresh);
    }
  }

  private RouteQuery query() {
    ApiRequest request = accepted.request();
    return new RouteQuery(
        accepted.model(),
        keys,
        accepted.session(),
        request.maxNewTokens(),
        request.choices(),
        tries.failed(),
        request.stream());
  }

  /** The router's own header lines of an answer. */
  private String lines(Ticket ticket) {
    StringBuilder lines = new StringBuilder(160);
    lines.append("x-request-id: ").append(accepted.requestId());
    lines.append("\r\nx-kvroute-replica: ").append(ticket.replica().id());
    if (options.routingHeaders()) {
      lines.append("\r\nx-kvroute-mode: ").append(keys.rung().label());
      lines.append("\r\nx-kvroute-prompt-tokens: ").append(keys.tokens());
      lines.append("\r\nx-kvroute-matched-tokens: ").append(ticket.matchedTokens());
    }
    return lines.append("\r\n").toString();
  }
}
