package io.kvroute.tokenizer.jinja;

/**
 * Stops an evaluation. It stays inside the interpreter: {@code Template.render} turns it into a
 * checked exception that names the line. Carries no stack trace, because failing is routine.
 */
final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why the evaluation stopped. */
  enum Kind {
    /** An error that Python raises too. */
    ERROR,
    /** The template called {@code raise_exception}. */
    RAISED,
    /** A limit was exceeded, or something unsupported was used. */
    LIMIT
  }

  private final Kind kind;

  private Failure(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /** An error Python raises too; {@code message} starts with the name of Python's exception. */
  static Failure error(String message) {
    return new Failure(Kind.ERROR, message);
  }

  static Failure type(String message) {
    return error("TypeError: " + message);
  }

  static Failure value(String message) {
    return error("ValueError: " + message);
  }

  static Failure raised(String message) {
    return new Failure(Kind.RAISED, message);
  }

  static Failure limit(String message) {
    return new Failure(Kind.LIMIT, message);
  }

  /** Why the evaluation stopped. */
  Kind kind() {
    return kind;
  }
}
