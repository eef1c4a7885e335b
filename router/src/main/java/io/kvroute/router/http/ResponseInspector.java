package io.kvroute.router.http;

import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.CapturedPart;
import io.kvroute.router.openai.JsonResponseTap;
import io.kvroute.router.openai.SseTap;
import io.kvroute.router.openai.Usage;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads a response while it is forwarded: its first token, its chunks, its end, its usage. Reads
 * only successful responses. Not thread-safe.
 */
final class ResponseInspector {

  private static final String EVENT_STREAM = "text/event-stream";
  private static final int INTERNAL_ERROR = 500;

  private final int status;
  private final long retryAfterNanos;
  private final @Nullable SseTap stream;
  private final @Nullable JsonResponseTap whole;
  private final boolean usesEngine;
  private int reportedChunks;
  private int seenEvents;

  private ResponseInspector(
      Head response, ApiRequest request, @Nullable SseTap stream, @Nullable JsonResponseTap whole) {
    this.usesEngine = request.endpoint().usesEngine();
    this.status = response.status();
    this.retryAfterNanos = RetryAfter.nanos(response);
    this.stream = stream;
    this.whole = whole;
  }

  /**
   * An inspector for the response with this head.
   *
   * @param captureText whether to keep the response's text if the response does not carry token ids
   */
  static ResponseInspector of(Head response, ApiRequest request, boolean captureText) {
    String type = response.value(KnownHeader.CONTENT_TYPE);
    boolean events =
        type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    CapturedPart captured = captured(request, captureText);
    if (events) {
      return new ResponseInspector(response, request, new SseTap(captured), null);
    }
    return new ResponseInspector(
        response, request, null, response.status() < 300 ? new JsonResponseTap(captured) : null);
  }

  private static CapturedPart captured(ApiRequest request, boolean captureText) {
    if (request.output().choices() != 1) {
      return CapturedPart.NOTHING;
    }
    if (request.output().idsRequested()) {
      return CapturedPart.IDS;
    }
    return switch (request.endpoint()) {
      case CHAT_COMPLETIONS -> captureText ? CapturedPart.CHAT_TEXT : CapturedPart.NOTHING;
      case COMPLETIONS -> captureText ? CapturedPart.COMPLETION_TEXT : CapturedPart.NOTHING;
      default -> CapturedPart.NOTHING;
    };
  }

  void accept(ByteBuf bytes) {
    if (stream != null) {
      stream.accept(bytes);
    } else if (whole != null) {
      whole.accept(bytes);
    }
  }

  int status() {
    return status;
  }

  /** Whether the response is a stream of server-sent events. */
  boolean streamed() {
    return stream != null;
  }

  /**
   * Whether a stream's first token has been seen. For other responses this stays false: their first
   * token arrives together with the last.
   */
  boolean prefilled() {
    return stream != null && stream.dataEvents() > 0 && !stream.failed();
  }

  /** Whether a stream has brought events since the last call; an error is no progress. */
  boolean hasProgressed() {
    if (stream == null || stream.failed() || stream.dataEvents() == seenEvents) {
      return false;
    }
    seenEvents = stream.dataEvents();
    return true;
  }

  /**
   * The number of chunks since the last call that returned some; 0 while there are fewer than
   * {@code atLeast}.
   */
  int newChunks(int atLeast) {
    int newChunks = stream == null ? 0 : stream.contentEvents() - reportedChunks;
    if (newChunks < atLeast) {
      return 0;
    }
    reportedChunks += newChunks;
    return newChunks;
  }

  /** The last byte of the response has been read. */
  void end() {
    if (stream != null) {
      stream.end();
    }
  }

  /** Whether a stream announced its end, so that nothing is lost if the connection fails now. */
  boolean sawDone() {
    return stream != null && stream.done();
  }

  /** How the request ended, given a complete response. */
  Outcome outcome() {
    if (status >= 400) {
      return new Outcome.Refused(status, retryAfterNanos);
    }
    if (stream != null && stream.failed()) {
      return new Outcome.Refused(INTERNAL_ERROR);
    }
    if (!usesEngine) {
      return new Outcome.Relayed();
    }
    Usage usage = usage();
    return new Outcome.Completed(
        usage.promptTokens(), usage.completionTokens(), usage.cachedTokens(), generatedIds());
  }

  private Usage usage() {
    return stream != null ? stream.usage() : whole != null ? whole.usage() : Usage.UNKNOWN;
  }

  /**
   * The text of a complete response, or null if none was captured. Without usage, its length in
   * tokens is estimated from the stream's events: an engine sends about one event per token, and
   * one or two others.
   */
  @Nullable GeneratedText text() {
    String text = stream != null ? stream.text() : whole != null ? whole.text() : null;
    if (text == null || text.isEmpty()) {
      return null;
    }
    int reported = usage().completionTokens();
    if (reported >= 0) {
      return new GeneratedText(text, reported - 1, reported);
    }
    int events = stream == null ? 0 : stream.contentEvents();
    return new GeneratedText(text, events - 2, events);
  }

  private Outcome.Answer generatedIds() {
    int[] ids = stream != null ? stream.ids() : whole != null ? whole.ids() : new int[0];
    return ids.length > 0 ? new Outcome.Answer.Ids(ids) : new Outcome.Answer.Unknown();
  }
}
