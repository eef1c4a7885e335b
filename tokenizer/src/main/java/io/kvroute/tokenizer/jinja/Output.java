package io.kvroute.tokenizer.jinja;

import org.jspecify.annotations.Nullable;

/** What one body prints. */
final class Output {

  private final StringBuilder text = new StringBuilder();
  private @Nullable Failure spoiled;

  int length() {
    return text.length();
  }

  void append(String part) {
    text.append(part);
  }

  /** Cuts off, and returns, what was appended after it had a length. */
  String cut(int length) {
    String end = text.substring(length);
    text.setLength(length);
    return end;
  }

  /**
   * Notes that something that is no string was printed. As in Jinja, which joins its output last,
   * that is an error only when the text is asked for.
   */
  void spoil(Failure failure) {
    if (spoiled == null) {
      spoiled = failure;
    }
  }

  String text() {
    if (spoiled != null) {
      throw spoiled;
    }
    return text.toString();
  }
}
