package io.kvroute.loadtest.replica;

import static io.kvroute.loadtest.replica.AnswerFormat.finish;
import static io.kvroute.loadtest.replica.AnswerFormat.ids;
import static io.kvroute.loadtest.replica.AnswerFormat.quote;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer of {@code /v1/completions}. */
final class CompletionFormat implements AnswerFormat {

  private final AnswerRequest request;
  private final String head;

  CompletionFormat(String requestId, long createdSeconds, String model, AnswerRequest request) {
    this.request = request;
    this.head =
        "{\"id\":%s,\"object\":\"text_completion\",\"created\":%d,\"model\":%s,\"choices\":["
            .formatted(quote("cmpl-" + requestId), createdSeconds, quote(model));
  }

  @Override
  public String opening(AnswerChoice choice, @Nullable AnswerUsage usage) {
    return "";
  }

  @Override
  public String delta(
      AnswerChoice choice, int token, String words, @Nullable AnswerUsage usage, boolean last) {
    boolean shows = request.returnTokenIds();
    return "data: "
        + head
        + ("{\"index\":%d,\"text\":%s,\"logprobs\":null,\"finish_reason\":%s,\"stop_reason\":null,"
                + "\"prompt_token_ids\":%s,\"token_ids\":%s}]")
            .formatted(
                choice.index,
                quote(words),
                finish(choice),
                shows && choice.count() == 1 ? ids(choice.prompt) : "null",
                shows ? "[" + token + "]" : "null")
        + (usage == null ? "" : ",\"usage\":" + usage.streamed(false))
        + (last ? ",\"system_fingerprint\":" + FINGERPRINT : "")
        + "}\n\n";
  }

  @Override
  public String usage(AnswerUsage usage) {
    return "data: "
        + head
        + "],\"usage\":"
        + usage.streamed(false)
        + ",\"system_fingerprint\":"
        + FINGERPRINT
        + "}\n\n";
  }

  @Override
  public String whole(List<AnswerChoice> choices, AnswerUsage usage) {
    return head
        + AnswerFormat.join(choices, this::choice)
        + "],\"service_tier\":null,\"system_fingerprint\":"
        + FINGERPRINT
        + ",\"usage\":"
        + usage.whole(false)
        + ",\"kv_transfer_params\":null,\"ec_transfer_params\":null,\"metrics\":null}";
  }

  private String choice(AnswerChoice choice) {
    boolean shows = request.returnTokenIds();
    return ("{\"index\":%d,\"text\":%s,\"logprobs\":null,\"finish_reason\":%s,\"stop_reason\":null,"
            + "\"token_ids\":%s,\"prompt_logprobs\":null,\"prompt_token_ids\":%s,\"routed_experts\":null}")
        .formatted(
            choice.index,
            quote(choice.text()),
            finish(choice),
            shows ? ids(choice.tokens()) : "null",
            shows ? ids(choice.prompt) : "null");
  }
}
