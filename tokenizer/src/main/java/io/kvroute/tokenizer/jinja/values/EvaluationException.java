package io.kvroute.tokenizer.jinja.values;

/**
 * Stops an evaluation. It never leaves the interpreter: {@code Template.render} converts it to a
 * checked exception that names the line. Carries no stack trace, because failing is routine.
 */
public final class EvaluationException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Why the evaluation stopped. */
  public enum Kind {
    /** An error that Python raises too. */
    ERROR,
    /** The template called {@code raise_exception}. */
    RAISED,
    /** A limit was exceeded, or something unsupported was used. */
    LIMIT
  }

  private final Kind kind;

  private EvaluationException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
  }

  /**
   * An error that Python raises too. {@code message} starts with the name of Python's exception.
   */
  public static EvaluationException error(String message) {
    return new EvaluationException(Kind.ERROR, message);
  }

  public static EvaluationException type(String message) {
    return error("TypeError: " + message);
  }

  public static EvaluationException value(String message) {
    return error("ValueError: " + message);
  }

  public static EvaluationException raised(String message) {
    return new EvaluationException(Kind.RAISED, message);
  }

  public static EvaluationException limit(String message) {
    return new EvaluationException(Kind.LIMIT, message);
  }

  /** Why the evaluation stopped. */
  public Kind kind() {
    return kind;
  }
}
