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

/** Makes requests of a connection's bytes, one at a time, and refuses those that are none. */
final class RequestReader {

  /** What the bytes so far amount to. */
  sealed interface Incoming {

    /** A request and its body. Its head is valid until the next is read. */
    record Whole(Verdict.Admit admitted, Head head, ApiRequest.Body body) implements Incoming {}

    /**
     * A request that is answered at once.
     *
     * @param endpoint null where the request is for none
     * @param complete whether all of it has been read, so that another may follow
     * @param headOnly whether the answer's body is to be left out
     */
    record Answered(
        @Nullable Endpoint endpoint,
        String requestId,
        Reply reply,
        boolean complete,
        boolean headOnly)
        implements Incoming {}

    /** A request whose client waits to be told to send the body. */
    record Expecting() implements Incoming {}
  }

  private static final int MAX_HEADERS = 128;
  private static final Framing EMPTY = new Framing(Framing.Kind.LENGTH, 0);

  private final int maxHeadBytes;
  private final RequestGate gate;
  private final HeadParser parser;
  private final BodyDecoder decoder = new BodyDecoder();
  private final BodyBuffer body;
  private Verdict.@Nullable Admit admitted;
  private boolean persistent = true;

  RequestReader(DataPortOptions options, RequestGate gate, BodyBudget budget) {
    this.maxHeadBytes = options.maxHeadBytes();
    this.gate = gate;
    this.parser = HeadParser.ofRequests(options.maxHeadBytes(), MAX_HEADERS);
    this.body = new BodyBuffer(options.maxBodyBytes(), budget);
  }

  /** Reads on; null if more bytes are needed. */
  @Nullable Incoming next(ByteBuf in) {
    try {
      if (admitted != null) {
        return body(admitted, in);
      }
      return parser.parse(in) ? head(in) : null;
    } catch (MalformedMessageException e) {
      return unreadable(error(e));
    } catch (ApiException e) {
      return unreadable(e.error());
    }
  }

  /** Gives back what the request's body takes. */
  void releaseBody() {
    body.release();
  }

  /** Forgets the request, which is answered, to read the next. */
  void reset() {
    admitted = null;
    body.release();
    parser.reset();
  }

  /** Whether a request has begun to come. */
  boolean begun() {
    return parser.begun();
  }

  /** Whether the client means to send another request. */
  boolean persistent() {
    return persistent;
  }

  boolean speaksHttp11() {
    return parser.head().minorVersion() == 1;
  }

  private @Nullable Incoming head(ByteBuf in) throws MalformedMessageException, ApiException {
    Head head = parser.head();
    Framing framing = Framing.ofRequest(head);
    persistent = head.minorVersion() == 1 && !head.connectionHas("close");
    switch (gate.judge(head, framing)) {
      case Verdict.Answer answer -> {
        boolean empty = framing.kind() == Framing.Kind.NONE || framing.equals(EMPTY);
        persistent &= empty;
        return new Incoming.Answered(
            null,
            ForwardedLines.requestId(head),
            answer.reply(),
            empty,
            head.method().equals("HEAD"));
      }
      case Verdict.Admit admit -> {
        admitted = admit;
        body.begin(framing);
        decoder.start(framing);
        boolean expects = head.minorVersion() == 1 && head.indexOf(KnownHeader.EXPECT) >= 0;
        return expects && !in.isReadable() && !decoder.done()
            ? new Incoming.Expecting()
            : body(admit, in);
      }
    }
  }

  private @Nullable Incoming body(Verdict.Admit admit, ByteBuf in)
      throws MalformedMessageException, ApiException {
    for (int run = decoder.next(in); run > 0; run = decoder.next(in)) {
      body.add(in, run);
    }
    return decoder.done()
        ? new Incoming.Whole(admit, parser.head(), new ApiRequest.Body(body.take()))
        : null;
  }

  private Incoming unreadable(ApiError error) {
    persistent = false;
    return admitted == null
        ? new Incoming.Answered(null, ForwardedLines.newRequestId(), Reply.of(error), false, false)
        : new Incoming.Answered(
            admitted.endpoint(),
            ForwardedLines.requestId(parser.head()),
            Reply.of(error),
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
