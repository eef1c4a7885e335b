package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the validators of the engine make on fields beyond their types (vLLM 0.33, {@code
 * chat_completion/protocol.py}). They see the unconverted body, where any value has a truth value.
 */
final class FieldRules {

  private static final int MAX_SALT_LENGTH = 128;

  private static final String FORBIDDEN_IN_SALT = "@/\\\0";

  /** Text that is safe in the file paths of cache back ends. */
  static final Shape CACHE_SALT =
      value ->
          value instanceof Value.Str text
                  && !text.value().isEmpty()
                  && PythonText.isEncodable(text.value())
                  && text.value().codePointCount(0, text.value().length()) <= MAX_SALT_LENGTH
                  && text.value().chars().noneMatch(c -> FORBIDDEN_IN_SALT.indexOf(c) >= 0)
              ? Shape.Match.plain(value)
              : null;

  private static final Shape PATTERN_SIZES =
      DictShape.empty()
          .optional("max_pattern_size", Shape.integerFrom(0))
          .optional("min_pattern_size", Shape.integerFrom(0))
          .optional("min_count", Shape.INTEGER);

  static final Shape REPETITION_DETECTION =
      value ->
          value instanceof Value.Dict dict && isDetection(dict) ? PATTERN_SIZES.match(value) : null;

  private FieldRules() {}

  static void validate(Value.Dict body) throws ChatException {
    if (isTrue(body, "stream_options") && !isTrue(body, "stream")) {
      throw refused("stream_options", "stream: true beside it");
    }
    boolean logprobs = isTrue(body, "logprobs");
    if (isTrue(body, "logprob_token_ids") && (!logprobs || isTrue(body, "use_beam_search"))) {
      throw refused("logprob_token_ids", "logprobs: true beside it, and no beam search");
    }
    Double ofPrompt = number(body, "prompt_logprobs");
    if (ofPrompt != null && isMany(ofPrompt) && isTrue(body, "stream")) {
      throw refused("prompt_logprobs", "no stream");
    }
    Double top = number(body, "top_logprobs");
    if (top != null && isMany(top) && !logprobs) {
      throw refused("top_logprobs", "logprobs: true beside it");
    }
    if (Dicts.present(body, "structured_outputs") instanceof Value.Dict outputs) {
      OutputShapes.validateBesideTools(outputs, Dicts.get(body, "tool_choice"));
    }
  }

  private static boolean isMany(double count) {
    return count > 0 || count == -1;
  }

  /** A number of log probabilities. It must be a number already, before any conversion. */
  private static @Nullable Double number(Value.Dict body, String field) throws ChatException {
    Value value = Dicts.present(body, field);
    if (value == null) {
      return null;
    }
    BigInteger number = value instanceof Value.Str ? null : LaxNumbers.integer(value);
    if (number == null || number.compareTo(BigInteger.ONE.negate()) < 0) {
      throw refused(field, "a number from -1");
    }
    return number.doubleValue();
  }

  private static boolean isDetection(Value.Dict dict) {
    BigInteger max = integer(dict, "max_pattern_size");
    return integer(dict, "min_pattern_size").compareTo(max) <= 0
        && (max.signum() == 0 || integer(dict, "min_count").compareTo(BigInteger.TWO) >= 0);
  }

  private static BigInteger integer(Value.Dict dict, String key) {
    Value value = Dicts.get(dict, key);
    BigInteger number = value == null ? null : LaxNumbers.integer(value);
    return number == null ? BigInteger.ZERO : number;
  }

  private static boolean isTrue(Value.Dict body, String field) {
    Value value = Dicts.get(body, field);
    return value != null && Value.truth(value);
  }

  private static ChatException refused(String field, String expected) {
    return new ChatException(Stage.REQUEST, field + ": (expected: " + expected + ")");
  }
}
