package io.kvroute.router.wire;

import static io.kvroute.router.wire.MalformedMessageException.syntax;

import io.netty.buffer.ByteBuf;

/**
 * Finds the body of a message in the bytes behind its head, by its framing (RFC 9112, 6 and 7). To
 * be read in a loop:
 *
 * <pre>{@code
 * for (int run = body.next(in); run > 0; run = body.next(in)) {
 *   ... the next run bytes of in belong to the body; consume them ...
 * }
 * }</pre>
 *
 * <p>Chunk extensions and trailers are checked and dropped. Not thread-safe.
 */
public final class BodyDecoder {

  /**
   * What a message's chunk extensions and trailers may take, so that no message goes on for ever
   * unseen.
   */
  private static final int MAX_OVERHEAD_BYTES = 8192;

  private static final int MAX_SIZE_DIGITS = 8;

  private enum State {
    LENGTH,
    UNTIL_CLOSE,
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER,
    TRAILER_LF,
    LAST_LF,
    DONE
  }

  private State state = State.DONE;
  private long left;
  private int digits;
  private int overhead;

  /** Whether a name or value has yet to begin. */
  private boolean extensionOpen;

  private boolean extensionValued;

  /** Starts a body with this framing. */
  public void start(Framing framing) {
    left = framing.length();
    state =
        switch (framing.kind()) {
          case NONE -> State.DONE;
          case LENGTH -> left == 0 ? State.DONE : State.LENGTH;
          case CHUNKED -> State.SIZE;
          case UNTIL_CLOSE -> State.UNTIL_CLOSE;
        };
    digits = 0;
    overhead = 0;
  }

  /** Whether the body is whole. One that goes on until the connection closes never is. */
  public boolean done() {
    return state == State.DONE;
  }

  /** Whether the body ends only with the connection. */
  public boolean untilClose() {
    return state == State.UNTIL_CLOSE;
  }

  /**
   * Passes over framing.
   *
   * @return how many bytes at the reader index belong to the body; the caller consumes just these
   *     before it asks again. 0 when {@code in} has no more of the body
   */
  public int next(ByteBuf in) throws MalformedMessageException {
    while (in.isReadable()) {
      switch (state) {
        case DONE -> {
          return 0;
        }
        case UNTIL_CLOSE -> {
          return in.readableBytes();
        }
        case LENGTH, DATA -> {
          return run(in);
        }
        default -> framing(in.readByte());
      }
    }
    return 0;
  }

  private int run(ByteBuf in) {
    int run = (int) Math.min(left, in.readableBytes());
    left -= run;
    if (left == 0) {
      state = state == State.LENGTH ? State.DONE : State.DATA_CR;
    }
    return run;
  }

  private void framing(byte b) throws MalformedMessageException {
    switch (state) {
      case SIZE -> size(b);
      case EXTENSION -> extension(b);
      case SIZE_LF -> {
        lineFeed(b);
        state = left == 0 ? State.TRAILER_START : State.DATA;
        digits = 0;
      }
      case DATA_CR -> {
        if (b != '\r') {
          throw syntax("a chunk is longer than its size");
        }
        state = State.DATA_LF;
      }
      case DATA_LF -> {
        lineFeed(b);
        state = State.SIZE;
      }
      case TRAILER_START -> state = b == '\r' ? State.LAST_LF : trailerName(b);
      case TRAILER_NAME -> state = b == ':' ? State.TRAILER : trailerName(b);
      case TRAILER -> state = skip(b) ? State.TRAILER_LF : State.TRAILER;
      case TRAILER_LF -> {
        lineFeed(b);
        state = State.TRAILER_START;
      }
      case LAST_LF -> {
        lineFeed(b);
        state = State.DONE;
      }
      case LENGTH, UNTIL_CLOSE, DATA, DONE -> throw new AssertionError(state);
    }
  }

  private void size(byte b) throws MalformedMessageException {
    int digit = Character.digit(b, 16);
    if (digit >= 0) {
      if (++digits > MAX_SIZE_DIGITS) {
        throw syntax("chunk size too large");
      }
      left = digits == 1 ? digit : left << 4 | digit;
    } else if (digits > 0 && b == ';') {
      state = State.EXTENSION;
      extensionOpen = true;
      extensionValued = false;
    } else if (digits > 0 && b == '\r') {
      state = State.SIZE_LF;
    } else {
      throw syntax("bad chunk size");
    }
  }

  /**
   * Passes over {@code ;name} and {@code ;name=value}. A value may not be quoted: two readers could
   * see it end in two places.
   */
  private void extension(byte b) throws MalformedMessageException {
    count();
    if (HeadParser.isToken(b)) {
      extensionOpen = false;
    } else if (extensionOpen) {
      throw syntax("bad chunk extension");
    } else if (b == '\r') {
      state = State.SIZE_LF;
    } else if (b == ';' || (b == '=' && !extensionValued)) {
      extensionOpen = true;
      extensionValued = b == '=';
    } else {
      throw syntax("bad chunk extension");
    }
  }

  private State trailerName(byte b) throws MalformedMessageException {
    if (!HeadParser.isToken(b)) {
      throw syntax("bad trailer name");
    }
    count();
    return State.TRAILER_NAME;
  }

  /** Passes over one byte of a trailer's value; true at its carriage return. */
  private boolean skip(byte b) throws MalformedMessageException {
    if (b == '\r') {
      return true;
    }
    if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
      throw syntax("control character in a trailer");
    }
    count();
    return false;
  }

  private void count() throws MalformedMessageException {
    if (++overhead > MAX_OVERHEAD_BYTES) {
      throw syntax("chunk extensions or trailers too large");
    }
  }

  private static void lineFeed(byte b) throws MalformedMessageException {
    if (b != '\n') {
      throw syntax("a line of the chunked coding does not end in CRLF");
    }
  }
}
