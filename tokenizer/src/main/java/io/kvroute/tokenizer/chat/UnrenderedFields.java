package io.kvroute.tokenizer.chat;

import static io.kvroute.tokenizer.chat.Shape.ANY_DICT;
import static io.kvroute.tokenizer.chat.Shape.BOOL;
import static io.kvroute.tokenizer.chat.Shape.INTEGER;
import static io.kvroute.tokenizer.chat.Shape.NUMBER;
import static io.kvroute.tokenizer.chat.Shape.STRING;
import static io.kvroute.tokenizer.chat.Shape.dictOf;
import static io.kvroute.tokenizer.chat.Shape.integerIn;
import static io.kvroute.tokenizer.chat.Shape.listOf;
import static io.kvroute.tokenizer.chat.Shape.literal;
import static io.kvroute.tokenizer.chat.Shape.oneOf;
import static io.kvroute.tokenizer.chat.Shape.orNull;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a request that do not affect its prompt, but for which the engine refuses the
 * request if they are invalid (vLLM 0.33, {@code ChatCompletionRequest}). Limits that depend on the
 * model or on the settings of the server are left to the engine.
 */
final class UnrenderedFields {

  private static final Shape IDS = listOf(INTEGER);

  private static final Shape SCALAR = oneOf(STRING, NUMBER);

  private static final Map<String, Shape> SHAPES = shapes();

  private UnrenderedFields() {}

  static void validate(Value.Dict body) throws ChatException {
    for (Map.Entry<Value, Value> entry : body.entries().entrySet()) {
      String name = entry.getKey() instanceof Value.Str key ? key.value() : "";
      Shape shape = SHAPES.get(name);
      if (shape == null
          ? !Dicts.isEncodable(entry.getKey())
          : shape.match(entry.getValue()) == null) {
        throw new ChatException(Stage.REQUEST, name + ": invalid value for this field");
      }
    }
    FieldRules.validate(body);
  }

  private static Map<String, Shape> shapes() {
    Map<String, Shape> all = new HashMap<>();
    for (String name :
        List.of(
            "include_reasoning",
            "use_beam_search",
            "include_stop_str_in_output",
            "ignore_eos",
            "spaces_between_special_tokens",
            "echo",
            "return_weight_versions")) {
      all.put(name, BOOL);
    }
    for (String name :
        List.of(
            "logprobs",
            "stream",
            "parallel_tool_calls",
            "watermarking",
            "skip_special_tokens",
            "return_tokens_as_token_ids",
            "return_token_ids",
            "return_token_offsets",
            "return_prompt_text",
            "return_mm_kwargs")) {
      all.put(name, orNull(BOOL));
    }
    for (String name :
        List.of(
            "top_logprobs",
            "max_tokens",
            "max_completion_tokens",
            "n",
            "top_k",
            "prompt_logprobs")) {
      all.put(name, orNull(INTEGER));
    }
    for (String name :
        List.of(
            "frequency_penalty",
            "presence_penalty",
            "temperature",
            "top_p",
            "min_p",
            "repetition_penalty")) {
      all.put(name, orNull(NUMBER));
    }
    for (String name : List.of("model", "user", "session_id")) {
      all.put(name, orNull(STRING));
    }
    for (String name : List.of("stop_token_ids", "allowed_token_ids", "logprob_token_ids")) {
      all.put(name, orNull(IDS));
    }
    for (String name : List.of("kv_transfer_params", "ec_transfer_params", "mm_processor_kwargs")) {
      all.put(name, orNull(ANY_DICT));
    }
    all.put("min_tokens", INTEGER);
    all.put("length_penalty", NUMBER);
    all.put("request_id", STRING);
    all.put("bad_words", listOf(STRING));
    all.put("logit_bias", orNull(dictOf(NUMBER)));
    all.put("media_io_kwargs", orNull(dictOf(ANY_DICT)));
    all.put("vllm_xargs", orNull(dictOf(oneOf(SCALAR, listOf(SCALAR)))));
    all.put("mm_payload", literal("tensors", "none"));
    all.put("truncation_side", orNull(literal("left", "right")));
    all.put("seed", orNull(integerIn(Long.MIN_VALUE, Long.MAX_VALUE)));
    all.put("priority", integerIn(Long.MIN_VALUE, Long.MAX_VALUE));
    all.put("truncate_prompt_tokens", orNull(integerIn(-1, Long.MAX_VALUE)));
    all.put("stream_interval", orNull(Shape.integerFrom(1)));
    all.put("routed_experts_prompt_start", Shape.integerFrom(0));
    all.put("stop", orNull(oneOf(STRING, listOf(STRING))));
    all.put("thinking_token_budget", orNull(UnrenderedFields::thinkingBudget));
    all.put(
        "stream_options",
        orNull(
            DictShape.empty()
                .optional("include_usage", orNull(BOOL))
                .optional("continuous_usage_stats", orNull(BOOL))));
    all.put("cache_salt", orNull(FieldRules.CACHE_SALT));
    all.put("repetition_detection", orNull(FieldRules.REPETITION_DETECTION));
    all.put("response_format", orNull(OutputShapes.RESPONSE_FORMAT));
    all.put("structured_outputs", orNull(OutputShapes.STRUCTURED_OUTPUTS));
    return Map.copyOf(all);
  }

  /** A value that is an integer without any conversion. */
  private static Shape.@Nullable Match thinkingBudget(Value value) {
    return value instanceof Value.Int || value instanceof Value.BigInt
        ? Shape.integerFrom(-1).match(value)
        : null;
  }
}
