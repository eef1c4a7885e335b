package io.kvroute.loadtest.replica;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Writes one request's answer as JSON or server-sent events, with the fields of vLLM 0.32. */
sealed interface AnswerFormat permits ChatFormat, CompletionFormat {

  /** vLLM's fingerprint of its release and settings; any constant is good enough. */
  String FINGERPRINT = "\"vllm-0.32.0-7beb4dc4\"";

  /** The end of every stream. */
  String DONE = "data: [DONE]\n\n";

  /** The events before a choice's first token; empty if there are none. */
  String opening(AnswerChoice choice, @Nullable AnswerUsage usage);

  /**
   * The events for a choice's newest token.
   *
   * @param words the token's text
   * @param usage usage so far; null unless the request wants it in every event
   * @param last whether this is the last event with a choice in a stream without usage
   */
  String delta(
      AnswerChoice choice, int token, String words, @Nullable AnswerUsage usage, boolean last);

  /** The event with the usage. */
  String usage(AnswerUsage usage);

  /** The whole answer to a request that is not streamed. */
  String whole(List<AnswerChoice> choices, AnswerUsage usage);

  static String quote(@Nullable String text) {
    return JsonMapper.shared().writeValueAsString(text);
  }

  static String ids(int[] ids) {
    StringBuilder out = new StringBuilder(ids.length * 6 + 2).append('[');
    for (int i = 0; i < ids.length; i++) {
      out.append(i == 0 ? "" : ",").append(ids[i]);
    }
    return out.append(']').toString();
  }

  static String finish(AnswerChoice choice) {
    if (choice.finish() == null) {
      return "null";
    }
    return switch (choice.finish()) {
      case STOP -> "\"stop\"";
      case LENGTH -> "\"length\"";
      case ABORT -> "\"abort\"";
    };
  }

  static String join(
      List<AnswerChoice> choices, java.util.function.Function<AnswerChoice, String> json) {
    return choices.stream().map(json).collect(Collectors.joining(","));
  }
}
