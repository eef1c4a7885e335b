package io.kvroute.router.wire;

import static io.kvroute.router.wire.MalformedMessageException.syntax;

/**
 * Checks the extensions behind a chunk's size (RFC 9112, 7.1.1), one byte at a time. Two readers
 * can only disagree on where a quoted value ends if it contains a line end, so none is accepted
 * there. For example:
 *
 * <pre>
 *   4;name;other=value ; third="quoted; value"\r\n
 * </pre>
 *
 * <p>Not thread-safe.
 */
final class ChunkExtensions {

  private enum State {
    /** Blanks behind the size, a name or a value; only a semicolon may follow. */
    BLANK,
    /** Blanks behind a name; an equals sign or a semicolon may follow. */
    NAME_BLANK,
    NAME_START,
    NAME,
    VALUE_START,
    VALUE,
    QUOTED,
    ESCAPED,
    QUOTED_END
  }

  private State state = State.NAME_START;

  /**
   * Starts with the byte behind the size.
   *
   * @return whether it begins extensions, rather than ending the line
   */
  boolean begin(byte first) {
    state = first == ';' ? State.NAME_START : State.BLANK;
    return first == ';' || isBlank(first);
  }

  /** Skips one byte; returns true at the carriage return that ends the line. */
  boolean skip(byte b) throws MalformedMessageException {
    if (b == '\r' && (state == State.NAME || state == State.VALUE || state == State.QUOTED_END)) {
      return true;
    }
    state =
        switch (state) {
          case BLANK, QUOTED_END -> afterValue(b);
          case NAME -> HeadParser.isToken(b) ? State.NAME : afterName(b);
          case NAME_BLANK -> afterName(b);
          case NAME_START -> start(b, State.NAME_START, State.NAME);
          case VALUE -> HeadParser.isToken(b) ? State.VALUE : afterValue(b);
          case VALUE_START -> b == '"' ? State.QUOTED : start(b, State.VALUE_START, State.VALUE);
          case QUOTED -> quoted(b);
          case ESCAPED -> isText(b) ? State.QUOTED : invalid();
        };
    return false;
  }

  private static State start(byte b, State still, State begun) throws MalformedMessageException {
    if (isBlank(b)) {
      return still;
    }
    return HeadParser.isToken(b) ? begun : invalid();
  }

  private static State afterName(byte b) throws MalformedMessageException {
    if (b == '=') {
      return State.VALUE_START;
    }
    if (isBlank(b)) {
      return State.NAME_BLANK;
    }
    return b == ';' ? State.NAME_START : invalid();
  }

  private static State afterValue(byte b) throws MalformedMessageException {
    if (isBlank(b)) {
      return State.BLANK;
    }
    return b == ';' ? State.NAME_START : invalid();
  }

  private static State quoted(byte b) throws MalformedMessageException {
    return switch (b) {
      case '"' -> State.QUOTED_END;
      case '\\' -> State.ESCAPED;
      default -> isText(b) ? State.QUOTED : invalid();
    };
  }

  private static boolean isText(byte b) {
    return b < 0 || b == '\t' || (b >= ' ' && b != 0x7f);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static State invalid() throws MalformedMessageException {
    throw syntax("invalid chunk extension");
  }
}
