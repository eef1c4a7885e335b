package io.kvroute.router.wire;

/**
 * A message that breaks the grammar of HTTP/1.1 or a limit. Has no stack trace: the cause lies with
 * the peer.
 */
public final class MalformedMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** The rule that was broken, from which the response status follows. */
  public enum Kind {
    /** The grammar, or a rule against ambiguous messages. */
    SYNTAX,
    /** A limit on the size of a head. */
    HEAD_TOO_LARGE,
    /** A transfer coding other than chunked. */
    UNKNOWN_CODING,
    /** A version other than 1.0 and 1.1. */
    UNKNOWN_VERSION
  }

  private final Kind kind;

  MalformedMessageException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  static MalformedMessageException syntax(String message) {
    return new MalformedMessageException(Kind.SYNTAX, message);
  }

  public Kind kind() {
    return kind;
  }
}
