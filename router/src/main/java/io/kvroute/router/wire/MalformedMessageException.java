package io.kvroute.router.wire;

/** A message that breaks the grammar of HTTP/1.1 or a limit. Carries no stack: it is the peer's. */
public final class MalformedMessageException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What was broken, for the choice of a status. */
  public enum Kind {
    /** The grammar, or a rule that keeps two readers from seeing two messages. */
    SYNTAX,
    /** The limit on the size of a head. */
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
