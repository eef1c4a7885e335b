package io.kvroute.tokenizer.jinja.values;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one body prints. The parts are joined once, at the end, because they may be long.
 */
public final class Output {

  private final ArrayList<String> parts = new ArrayList<>();
  private int length;
  private @Nullable EvaluationException laterFailure;

  int length() {
    return length;
  }

  void append(String part) {
    if (!part.isEmpty()) {
      parts.add(part);
      length += part.length();
    }
  }

  /** Removes and returns everything appended since the output had the length {@code to}. */
  String cut(int to) {
    int from = parts.size();
    for (; length > to; from--) {
      length -= parts.get(from - 1).length();
    }
    List<String> end = parts.subList(from, parts.size());
    String text = String.join("", end);
    end.clear();
    return text;
  }

  /**
   * Records that something other than a string was printed. Jinja joins its output last, so this
   * becomes an error only when the text is asked for.
   */
  void failLater(EvaluationException failure) {
    if (laterFailure == null) {
      laterFailure = failure;
    }
  }

  String text() {
    if (laterFailure != null) {
      throw laterFailure;
    }
    return parts.size() == 1 ? parts.getFirst() : String.join("", parts);
  }
}
