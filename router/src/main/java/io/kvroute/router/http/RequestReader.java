package io.kvroute.router.http;

import io.kvroute.router.http.RequestGate.Verdict;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.wire.BodyDecoder;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.HeadParser;
import io.kvroute.router.wire.KnownHeader;
import io.kvroute.router.wire.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns a connection's bytes into requests, one at a time, and rejects malformed ones. Confined to
 * the connection's event loop.
 */
final class RequestReader {

  /** The outcome of reading some bytes. */
  sealed interface Incoming {

    /** A complete request. Its head is valid until the next request is read. */
    record Complete(Verdict.Admit admitted, Head head, ApiRequest.Body body) implements Incoming {}

    /**
     * A request that the router answers itself, at once.
     *
     * @param endpoint null if the request is not for an API endpoint
     * @param readToEnd whether the whole request has been read, so that another may follow
     * @param headOnly whether to leave out the response body, as for HEAD
     */
    record AnsweredLocally(
        @Nullable Endpoint endpoint,
        String requestId,
        LocalResponse response,
        boolean readToEnd,
        boolean headOnly)
        implements Incoming {}

    /** The client sent {@code Expect: 100-continue} and waits before it sends the body. */
    record AwaitingContinue() implements Incoming {}
  }

  private static final int MAX_HEADERS = 128;
  private static final Framing EMPTY = new Framing(Framing.Kind.LENGTH, 0);

  private final int maxHeadBytes;
  private final RequestGate gate;
  private final Peer peer;
  private final HeadParser parser;
  private final BodyDecoder decoder = new BodyDecoder();
  private BodyBuffer body;
  private Verdict.@Nullable Admit admitted;
  private boolean persistent = true;

  RequestReader(DataPortOptions options, RequestGate gate, BodyBudget budget, Peer peer) {
    this.maxHeadBytes = options.sizes().maxHeadBytes();
    this.gate = gate;
    this.peer = peer;
    this.parser = HeadParser.ofRequests(maxHeadBytes, MAX_HEADERS);
    this.body = new BodyBuffer(options.sizes().maxBodyBytes(), budget);
  }

  /** Reads from {@code in}; returns null if more bytes are needed. */
  @Nullable Incoming next(ByteBuf in) {
    try {
      if (admitted != null) {
        return readBody(admitted, in);
      }
      return parser.parse(in) ? readHead(in) : null;
    } catch (MalformedMessageException e) {
      return rejected(error(e));
    } catch (ApiException e) {
      return rejected(e.error());
    }
  }

  /** The request with its decoded body, whose share of the budget replaces the encoded body's. */
  Incoming.Complete decoded(Incoming.Complete request, BodyBuffer decoded) {
    body.release();
    body = decoded;
    return new Incoming.Complete(
        request.admitted(), request.head(), new ApiRequest.Body(decoded.take()));
  }

  /** Releases the request's body and its share of the budget. */
  void releaseBody() {
    body.release();
  }

  /** Discards the finished request and prepares to read the next. */
  void reset() {
    admitted = null;
    body.release();
    parser.reset();
  }

  /** Whether the client may send another request on this connection. */
  boolean persistent() {
    return persistent;
  }

  boolean speaksHttp11() {
    return parser.head().minorVersion() == 1;
  }

  private @Nullable Incoming readHead(ByteBuf in) throws MalformedMessageException, ApiException {
    Head head = parser.head();
    Framing framing = Framing.ofRequest(head);
    persistent = head.minorVersion() == 1 && !head.connectionHas("close");
    switch (gate.decide(head, framing)) {
      case Verdict.AnswerLocally local -> {
        boolean empty = framing.kind() == Framing.Kind.NONE || framing.equals(EMPTY);
        persistent &= empty;
        return new Incoming.AnsweredLocally(
            null,
            ForwardedHeaders.requestId(head, peer),
            local.response(),
            empty,
            head.method().equals("HEAD"));
      }
      case Verdict.Admit admit -> {
        admitted = admit;
        body.begin(framing);
        decoder.start(framing);
        boolean expects = head.minorVersion() == 1 && head.indexOf(KnownHeader.EXPECT) >= 0;
        return expects && !in.isReadable() && !decoder.done()
            ? new Incoming.AwaitingContinue()
            : readBody(admit, in);
      }
    }
  }

  private @Nullable Incoming readBody(Verdict.Admit admit, ByteBuf in)
      throws MalformedMessageException, ApiException {
    for (int run = decoder.next(in); run > 0; run = decoder.next(in)) {
      body.add(in, run);
    }
    return decoder.done()
        ? new Incoming.Complete(admit, parser.head(), new ApiRequest.Body(body.take()))
        : null;
  }

  private Incoming rejected(ApiError error) {
    persistent = false;
    return admitted == null
        ? new Incoming.AnsweredLocally(
            null, ForwardedHeaders.newRequestId(), LocalResponse.of(error), false, false)
        : new Incoming.AnsweredLocally(
            admitted.endpoint(),
            ForwardedHeaders.requestId(parser.head(), peer),
            LocalResponse.of(error),
            false,
            false);
  }

  private ApiError error(MalformedMessageException malformed) {
    String message = String.valueOf(malformed.getMessage());
    return switch (malformed.kind()) {
      case SYNTAX -> ApiErrors.malformed(message);
      case HEAD_TOO_LARGE -> ApiErrors.headersTooLarge(maxHeadBytes);
      case UNKNOWN_CODING -> ApiErrors.unknownCoding(message);
      case UNKNOWN_VERSION -> ApiErrors.unknownVersion(message);
    };
  }
}
