package io.kvroute.router.openai;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed response while it is forwarded: counts its events, recognises its regular end or
 * an error, and reads usage and the part it was asked to keep. Copies nothing else. Accepts the
 * stream in pieces cut anywhere. Comments ({@code : keep-alive}) are not events. Not thread-safe.
 */
public final class SseTap {

  private static final String DATA = "data:";
  private static final String DONE = "[DONE]";
  private static final String ERROR = "{\"error\":";
  private static final String EVENT = "event:";
  private static final int HEAD = 48;

  private final ByteWindow window = new ByteWindow();
  private final ResponseFields fields;
  private final byte[] head = new byte[HEAD];
  private int headLength;
  private long lineLength;
  private Name event = Name.NONE;

  private int dataEvents;
  private int contentEvents;
  private boolean done;
  private boolean failed;

  /**
   * The named events of {@code /v1/responses} and {@code /v1/messages} that this class interprets.
   */
  private enum Name {
    NONE(""),
    OTHER(""),
    MESSAGE_STOP("message_stop"),
    RESPONSE_COMPLETED("response.completed"),
    RESPONSE_INCOMPLETE("response.incomplete"),
    RESPONSE_FAILED("response.failed"),
    ERROR("error"),
    BLOCK_DELTA("content_block_delta"),
    TEXT_DELTA("response.output_text.delta"),
    REASONING_DELTA("response.reasoning_text.delta"),
    ARGUMENTS_DELTA("response.function_call_arguments.delta");

    private final String wire;

    Name(String wire) {
      this.wire = wire;
    }
  }

  private static final Name[] NAMES = Name.values();

  /**
   * A tap on one stream.
   *
   * @param part the part to keep
   */
  public SseTap(CapturedPart part) {
    this.fields = new ResponseFields(part);
  }

  /** Reads the stream's next bytes; does not change the buffer's indices or reference count. */
  public void accept(ByteBuf bytes) {
    int end = bytes.writerIndex();
    for (int i = bytes.readerIndex(); i < end; i += ByteWindow.SIZE) {
      lines(window.bytes(), ByteWindow.PAST, window.fill(bytes, i, end));
    }
  }

  private void lines(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int stop = ByteSearch.find(bytes, at, to, '\n');
      if (stop > at) {
        line(bytes, at, stop);
      }
      if (stop < to) {
        endLine();
      }
      at = stop + 1;
    }
  }

  /** The stream has ended; its last line may lack a line feed. */
  public void end() {
    endLine();
  }

  /** Events with data so far, without {@code [DONE]} and errors. */
  public int dataEvents() {
    return dataEvents;
  }

  /**
   * Events so far that carry a piece of the response, including the one that carries only the role.
   */
  public int contentEvents() {
    return contentEvents;
  }

  /** Whether the stream announced its end: {@code [DONE]} or the last event of its API. */
  public boolean done() {
    return done;
  }

  /** Whether the engine reported an error inside the stream. */
  public boolean failed() {
    return failed;
  }

  /** The usage reported so far. */
  public Usage usage() {
    return fields.usage();
  }

  /** A copy of the response's token ids so far; empty if there are none or they are not part. */
  public int[] ids() {
    return fields.ids();
  }

  /** The response's text so far; empty if it is not part, null if it exceeded the limit. */
  public @Nullable String text() {
    return fields.text();
  }

  private void line(byte[] bytes, int from, int to) {
    if (headLength < HEAD) {
      int length = Math.min(HEAD - headLength, to - from);
      System.arraycopy(bytes, from, head, headLength, length);
      headLength += length;
    }
    lineLength += to - from;
    fields.accept(bytes, from, to);
  }

  private void endLine() {
    if (headLength > 0 && head[headLength - 1] == '\r' && lineLength == headLength) {
      headLength--;
    }
    if (headLength == 0) {
      event = Name.NONE;
    } else if (headIs(DATA, 0)) {
      dataLine(valueAt(DATA.length()));
    } else if (headIs(EVENT, 0)) {
      event = name(valueAt(EVENT.length()));
    }
    headLength = 0;
    lineLength = 0;
    fields.nextDocument();
  }

  private void dataLine(int at) {
    if (headLength == at + DONE.length() && headIs(DONE, at)) {
      done = true;
      return;
    }
    if (event == Name.ERROR || event == Name.RESPONSE_FAILED || headIs(ERROR, at)) {
      failed = true;
      return;
    }
    dataEvents++;
    switch (event) {
      case NONE -> contentEvents += fields.choicesEmpty() ? 0 : 1;
      case BLOCK_DELTA, TEXT_DELTA, REASONING_DELTA, ARGUMENTS_DELTA -> contentEvents++;
      case MESSAGE_STOP, RESPONSE_COMPLETED, RESPONSE_INCOMPLETE -> done = true;
      case OTHER, RESPONSE_FAILED, ERROR -> {}
    }
  }

  /** Skips the one space after the colon that is not part of the value. */
  private int valueAt(int at) {
    return at < headLength && head[at] == ' ' ? at + 1 : at;
  }

  private Name name(int at) {
    for (Name name : NAMES) {
      if (headLength == at + name.wire.length() && headIs(name.wire, at)) {
        return name;
      }
    }
    return Name.OTHER;
  }

  private boolean headIs(String wanted, int at) {
    if (headLength < at + wanted.length()) {
      return false;
    }
    for (int i = 0; i < wanted.length(); i++) {
      if (head[at + i] != wanted.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
