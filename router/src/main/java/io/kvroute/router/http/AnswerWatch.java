package io.kvroute.router.http;

import io.kvroute.router.openai.AnswerTap;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.SseTap;
import io.kvroute.router.openai.Usage;
import io.kvroute.router.route.Outcome;
import io.kvroute.router.wire.Head;
import io.kvroute.router.wire.KnownHeader;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * What an answer tells while it passes: its first token, its chunks, its end, its usage. Only
 * successful answers are looked into. Not thread-safe.
 */
final class AnswerWatch {

  private static final String EVENT_STREAM = "text/event-stream";
  private static final int INTERNAL_ERROR = 500;

  private final int status;
  private final @Nullable SseTap stream;
  private final @Nullable AnswerTap whole;
  private int toldChunks;

  private AnswerWatch(int status, @Nullable SseTap stream, @Nullable AnswerTap whole) {
    this.status = status;
    this.stream = stream;
    this.whole = whole;
  }

  static AnswerWatch of(Head answer, ApiRequest request) {
    int status = answer.status();
    String type = answer.value(KnownHeader.CONTENT_TYPE);
    boolean events =
        type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    boolean keepIds = request.idsAsked() && request.choices() == 1;
    if (events) {
      return new AnswerWatch(status, new SseTap(keepIds), null);
    }
    return new AnswerWatch(status, null, status < 300 ? new AnswerTap(keepIds) : null);
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

  /** Whether the answer is a stream of events. */
  boolean streamed() {
    return stream != null;
  }

  /** Whether a first token was seen. That of a whole answer never is: it comes with the last. */
  boolean prefilled() {
    return stream != null && stream.dataEvents() > 0;
  }

  /** Chunks of the answer that have come since this was asked last; 0 if they are fewer. */
  int newChunks(int atLeast) {
    int fresh = stream == null ? 0 : stream.contentEvents() - toldChunks;
    if (fresh < atLeast) {
      return 0;
    }
    toldChunks += fresh;
    return fresh;
  }

  /** The answer's last byte has come. */
  void end() {
    if (stream != null) {
      stream.end();
    }
  }

  /** Whether a stream has said that it is whole, so that nothing is lost if it breaks off now. */
  boolean sawEnd() {
    return stream != null && stream.done();
  }

  /** How the request ended, given that its answer came whole. */
  Outcome outcome() {
    if (status >= 400) {
      return new Outcome.Refused(status);
    }
    if (stream != null && stream.failed()) {
      return new Outcome.Refused(INTERNAL_ERROR);
    }
    Usage usage = stream != null ? stream.usage() : whole != null ? whole.usage() : Usage.UNKNOWN;
    return new Outcome.Completed(
        usage.promptTokens(), usage.completionTokens(), usage.cachedTokens(), answer());
  }

  private Outcome.Answer answer() {
    int[] ids = stream != null ? stream.ids() : whole != null ? whole.ids() : new int[0];
    return ids.length > 0 ? new Outcome.Answer.Ids(ids) : new Outcome.Answer.Unknown();
  }
}
