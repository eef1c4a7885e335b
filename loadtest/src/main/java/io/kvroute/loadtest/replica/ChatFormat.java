package io.kvroute.loadtest.replica;

import static io.kvroute.loadtest.replica.AnswerFormat.finish;
import static io.kvroute.loadtest.replica.AnswerFormat.ids;
import static io.kvroute.loadtest.replica.AnswerFormat.quote;

import io.kvroute.loadtest.engine.FinishReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code /v1/chat/completions}. */
final class ChatFormat implements AnswerFormat {

  private final String id;
  private final AnswerRequest request;
  private final String head;
  private final String eventHead;

  ChatFormat(String requestId, long createdSeconds, String model, AnswerRequest request) {
    this.id = requestId;
    this.request = request;
    String rest =
        ",\"created\":%d,\"model\":%s,\"choices\":[".formatted(createdSeconds, quote(model));
    this.head = "{\"id\":" + quote("chatcmpl-" + id) + ",\"object\":\"chat.completion\"" + rest;
    this.eventHead =
        "data: {\"id\":" + quote("chatcmpl-" + id) + ",\"object\":\"chat.completion.chunk\"" + rest;
  }

  @Override
  public String opening(AnswerChoice choice, @Nullable AnswerUsage usage) {
    String prompt = request.returnTokenIds() ? ids(choice.prompt) : "null";
    return eventHead
        + "{\"index\":%d,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]"
            .formatted(choice.index)
        + usageField(usage)
        + ",\"prompt_token_ids\":%s,\"prompt_text\":null}\n\n".formatted(prompt);
  }

  @Override
  public String delta(
      AnswerChoice choice, int token, String words, @Nullable AnswerUsage usage, boolean last) {
    String ids = request.returnTokenIds() ? "[" + token + "]" : "null";
    ToolCall call = request.toolCall();
    String delta = call == null ? "{\"content\":" + quote(words) + "}" : toolDelta(choice, call);
    String finished =
        choice.finish() == null
            ? "\"finish_reason\":null"
            : "\"finish_reason\":" + reason(choice) + ",\"stop_reason\":null";
    return eventHead
        + "{\"index\":%d,\"delta\":%s,\"logprobs\":null,%s,\"token_ids\":%s}]"
            .formatted(choice.index, delta, finished, ids)
        + usageField(usage)
        + (last ? ",\"system_fingerprint\":" + FINGERPRINT : "")
        + "}\n\n";
  }

  /** Sends the call's name with the first token and its arguments with the last token. */
  private String toolDelta(AnswerChoice choice, ToolCall call) {
    if (choice.count() == 1) {
      return "{\"tool_calls\":[{\"id\":%s,\"type\":\"function\",\"index\":0,\"function\":{\"name\":%s,\"arguments\":\"\"}}]}"
          .formatted(quote(callId(choice)), quote(call.name()));
    }
    if (choice.finish() == FinishReason.STOP) {
      return "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":%s}}]}"
          .formatted(quote(call.arguments()));
    }
    return "{}";
  }

  @Override
  public String usage(AnswerUsage usage) {
    return eventHead
        + "],\"usage\":"
        + usage.streamed(true)
        + ",\"system_fingerprint\":"
        + FINGERPRINT
        + "}\n\n";
  }

  @Override
  public String whole(List<AnswerChoice> choices, AnswerUsage usage) {
    String prompt = request.returnTokenIds() ? ids(choices.getFirst().prompt) : "null";
    return head
        + AnswerFormat.join(choices, this::choice)
        + "],\"service_tier\":null,\"system_fingerprint\":"
        + FINGERPRINT
        + ",\"usage\":"
        + usage.whole(true)
        + ",\"prompt_logprobs\":null,\"prompt_token_ids\":"
        + prompt
        + ",\"prompt_text\":null,\"kv_transfer_params\":null,\"ec_transfer_params\":null,\"metrics\":null}";
  }

  private String choice(AnswerChoice choice) {
    ToolCall call = request.toolCall();
    String content = call == null ? choice.text() : "";
    String toolCalls =
        call != null && choice.finish() == FinishReason.STOP
            ? "\"tool_calls\":[{\"id\":%s,\"type\":\"function\",\"function\":{\"name\":%s,\"arguments\":%s}}],"
                .formatted(quote(callId(choice)), quote(call.name()), quote(call.arguments()))
            : "";
    return ("{\"index\":%d,\"message\":{\"role\":\"assistant\",\"content\":%s,\"refusal\":null,\"annotations\":null,"
            + "\"audio\":null,\"function_call\":null,%s\"reasoning\":null},\"logprobs\":null,\"finish_reason\":%s,"
            + "\"stop_reason\":null,\"token_ids\":%s,\"routed_experts\":null}")
        .formatted(
            choice.index,
            quote(content),
            toolCalls,
            reason(choice),
            request.returnTokenIds() ? ids(choice.tokens()) : "null");
  }

  private String reason(AnswerChoice choice) {
    return request.toolCall() != null && choice.finish() == FinishReason.STOP
        ? "\"tool_calls\""
        : finish(choice);
  }

  private String callId(AnswerChoice choice) {
    return "chatcmpl-tool-" + id + choice.index;
  }

  private static String usageField(@Nullable AnswerUsage usage) {
    return usage == null ? "" : ",\"usage\":" + usage.streamed(true);
  }
}
