package io.kvroute.router.wire;

import static io.kvroute.router.wire.MalformedMessageException.syntax;

import io.netty.buffer.ByteBuf;

/**
 * Finds the body of a message in the bytes behind its head (RFC 9112, sections 6 and 7). Call it in
 * a loop:
 *
 * <pre>{@code
 * for (int run = body.next(in); run > 0; run = body.next(in)) {
 *   ... the next run bytes of in belong to the body; consume them ...
 * }
 * }</pre>
 *
 * <p>For example, on {@code 4\r\nabcd\r\n0\r\n\r\n} the first call skips {@code 4\r\n} and returns
 * 4; the second skips the rest and returns 0, and {@link #done} is then true.
 *
 * <p>One enum state says what the next byte must be; only the current chunk's remaining length is
 * kept beside it. Copies nothing, and looks at each byte of framing once and at no byte of the
 * body. Checks chunk extensions and trailers and drops them. Not thread-safe.
 */
public final class BodyDecoder {

  /**
   * The most bytes that a message's chunk extensions and trailers may take together, so that no
   * message can go on for ever without a body.
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

  private final ChunkExtensions extensions = new ChunkExtensions();
  private State state = State.DONE;
  private long left;
  private int digits;
  private int overhead;

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

  /** Whether the body is complete; never true for a body that ends with the connection. */
  public boolean done() {
    return state == State.DONE;
  }

  /** Whether the body ends only with the connection. */
  public boolean untilClose() {
    return state == State.UNTIL_CLOSE;
  }

  /**
   * Skips framing bytes.
   *
   * @return how many bytes at the reader index belong to the body; the caller must consume exactly
   *     these before the next call. 0 when {@code in} holds no more of the body
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
      case EXTENSION -> {
        count();
        state = extensions.skip(b) ? State.SIZE_LF : State.EXTENSION;
      }
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
    } else if (digits > 0 && extensions.begin(b)) {
      count();
      state = State.EXTENSION;
    } else if (digits > 0 && b == '\r') {
      state = State.SIZE_LF;
    } else {
      throw syntax("invalid chunk size");
    }
  }

  private State trailerName(byte b) throws MalformedMessageException {
    if (!HeadParser.isToken(b)) {
      throw syntax("invalid trailer name");
    }
    count();
    return State.TRAILER_NAME;
  }

  /** Skips one byte of a trailer's value; returns true at its carriage return. */
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
      throw syntax("a line of the chunked coding does not end with CRLF");
    }
  }
}
