package io.kvroute.tokenizer.jinja;

/** How evaluation stops inside the interpreter; {@link Template#render} makes it a checked one. */
final class Failure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Who stopped it. */
  enum Kind {
    ERROR,
    RAISED,
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

  RenderException at(int line) {
    String message = String.valueOf(getMessage());
    return switch (kind) {
      case ERROR -> new RenderException(line, message);
      case RAISED -> new RaisedByTemplateException(line, message);
      case LIMIT -> new RenderLimitException(line, message);
    };
  }
}
