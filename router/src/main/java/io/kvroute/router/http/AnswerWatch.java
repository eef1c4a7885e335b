package io.kvroute.router.http;

import io.kvroute.router.openai.AnswerPart;
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

  /**
   * A watch on an answer of which the head has come.
   *
   * @param wantsText whether its text is of use where its ids are not told
   */
  static AnswerWatch of(Head answer, ApiRequest request, boolean wantsText) {
    int status = answer.status();
    String type = answer.value(KnownHeader.CONTENT_TYPE);
    boolean events =
        type != null && type.regionMatches(true, 0, EVENT_STREAM, 0, EVENT_STREAM.length());
    AnswerPart kept = kept(request, wantsText);
    if (events) {
      return new AnswerWatch(status, new SseTap(kept), null);
    }
    return new AnswerWatch(status, null, status < 300 ? new AnswerTap(kept) : null);
  }

  private static AnswerPart kept(ApiRequest request, boolean wantsText) {
    if (request.choices() != 1) {
      return AnswerPart.NOTHING;
    }
    if (request.idsAsked()) {
      return AnswerPart.IDS;
    }
    return switch (request.endpoint()) {
      case CHAT_COMPLETIONS -> wantsText ? AnswerPart.CHAT_TEXT : AnswerPart.NOTHING;
      case COMPLETIONS -> wantsText ? AnswerPart.COMPLETION_TEXT : AnswerPart.NOTHING;
      default -> AnswerPart.NOTHING;
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
    Usage usage = usage();
    return new Outcome.Completed(
        usage.promptTokens(), usage.completionTokens(), usage.cachedTokens(), answer());
  }

  private Usage usage() {
    return stream != null ? stream.usage() : whole != null ? whole.usage() : Usage.UNKNOWN;
  }

  /**
   * The text of an answer that came whole, where it was to be kept; null where there is none. An
   * engine that does not tell its length sends an event for about each token, and one or two more.
   */
  @Nullable GeneratedText text() {
    String text = stream != null ? stream.text() : whole != null ? whole.text() : null;
    if (text == null || text.isEmpty()) {
      return null;
    }
    int told = usage().completionTokens();
    if (told >= 0) {
      return new GeneratedText(text, told - 1, told);
    }
    int events = stream == null ? 0 : stream.contentEvents();
    return new GeneratedText(text, events - 2, events);
  }

  private Outcome.Answer answer() {
    int[] ids = stream != null ? stream.ids() : whole != null ? whole.ids() : new int[0];
    return ids.length > 0 ? new Outcome.Answer.Ids(ids) : new Outcome.Answer.Unknown();
  }
}
