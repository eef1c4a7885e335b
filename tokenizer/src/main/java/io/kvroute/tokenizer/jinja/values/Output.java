package io.kvroute.tokenizer.jinja.values;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one body prints: its parts, put together once, as they may be long. */
public final class Output {

  private final ArrayList<String> parts = new ArrayList<>();
  private int length;
  private @Nullable EvaluationException spoiled;

  int length() {
    return length;
  }

  void append(String part) {
    if (!part.isEmpty()) {
      parts.add(part);
      length += part.length();
    }
  }

  /** Cuts off, and returns, what was appended after it had a length. */
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
   * Notes that something that is no string was printed. As in Jinja, which joins its output last,
   * that is an error only when the text is asked for.
   */
  void spoil(EvaluationException failure) {
    if (spoiled == null) {
      spoiled = failure;
    }
  }

  String text() {
    if (spoiled != null) {
      throw spoiled;
    }
    return parts.size() == 1 ? parts.getFirst() : String.join("", parts);
  }
}
