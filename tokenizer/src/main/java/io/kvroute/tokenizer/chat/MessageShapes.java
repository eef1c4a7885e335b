package io.kvroute.tokenizer.chat;

import static io.kvroute.tokenizer.chat.Shape.LAZY_LIST;
import static io.kvroute.tokenizer.chat.Shape.STRING;
import static io.kvroute.tokenizer.chat.Shape.listOf;
import static io.kvroute.tokenizer.chat.Shape.literal;
import static io.kvroute.tokenizer.chat.Shape.oneOf;
import static io.kvroute.tokenizer.chat.Shape.orNull;

import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of message that vLLM accepts: for each role OpenAI's type, whose contents are validated
 * only when they are read, and vLLM's own type for any role, which is validated at once (vLLM 0.33,
 * {@code renderers/chat_utils/types.py}; openai-python, {@code types/chat}).
 */
final class MessageShapes {

  /**
   * A valid message.
   *
   * @param partsChecked false if the parts of its content have yet to be validated, with {@link
   *     #partsOf}
   */
  record Valid(Value.Dict fields, boolean partsChecked) {}

  private static final Shape FUNCTION_CALL =
      DictShape.empty()
          .required("id", STRING)
          .required(
              "function", DictShape.empty().required("arguments", STRING).required("name", STRING))
          .required("type", literal("function"));

  private static final Shape CUSTOM_CALL =
      DictShape.empty()
          .required("id", STRING)
          .required("custom", DictShape.empty().required("input", STRING).required("name", STRING))
          .required("type", literal("custom"));

  private static final Shape ANY_CALL = oneOf(FUNCTION_CALL, CUSTOM_CALL);

  private static final Shape TOOL =
      DictShape.empty()
          .required(
              "function",
              DictShape.empty()
                  .required("name", STRING)
                  .optional("description", STRING)
                  .optional("parameters", Shape.ANY_DICT)
                  .optional("strict", orNull(Shape.BOOL)))
          .required("type", literal("function"));

  private static final Shape CONTENT = oneOf(STRING, LAZY_LIST);

  private static final Map<String, Shape> BY_ROLE =
      Map.of(
          "developer", named("developer"),
          "system", named("system"),
          "user", named("user"),
          "assistant",
              DictShape.empty()
                  .required("role", literal("assistant"))
                  .optional("audio", orNull(DictShape.empty().required("id", STRING)))
                  .optional("content", orNull(CONTENT))
                  .optional(
                      "function_call",
                      orNull(
                          DictShape.empty().required("arguments", STRING).required("name", STRING)))
                  .optional("name", STRING)
                  .optional("refusal", orNull(STRING))
                  .optional("tool_calls", LAZY_LIST),
          "tool",
              DictShape.empty()
                  .required("content", CONTENT)
                  .required("role", literal("tool"))
                  .required("tool_call_id", STRING),
          "function",
              DictShape.empty()
                  .required("content", orNull(STRING))
                  .required("name", STRING)
                  .required("role", literal("function")));

  private static final Shape ANY_ROLE =
      DictShape.empty()
          .required("role", STRING)
          .optional("content", oneOf(STRING, listOf(PartShapes.ANY)))
          .optional("name", STRING)
          .optional("tool_call_id", orNull(STRING))
          .optional("tool_calls", orNull(listOf(FUNCTION_CALL)))
          .optional("reasoning", orNull(oneOf(STRING, PartShapes.PROMPT_EMBEDS)))
          .optional("tools", orNull(listOf(TOOL)))
          .optional("task", orNull(STRING));

  private MessageShapes() {}

  private static Shape named(String role) {
    return DictShape.empty()
        .required("content", CONTENT)
        .required("role", literal(role))
        .optional("name", STRING);
  }

  /** Reads a message as pydantic's union does; null if the engine would refuse it. */
  static @Nullable Valid read(Value message) {
    if (!(message instanceof Value.Dict raw)) {
      return null;
    }
    Value.Dict dict = renameReasoning(raw);
    Value calls = Dicts.present(dict, "tool_calls");
    if (calls != null && !(calls instanceof Value.ListOf)) {
      Value list = Shape.iterated(calls);
      if (list == null) {
        return null;
      }
      dict = new Dicts.Builder(dict).put("tool_calls", list).build();
    }
    Shape typed =
        Dicts.get(dict, "role") instanceof Value.Str role ? BY_ROLE.get(role.value()) : null;
    Shape.Match byRole = typed == null ? null : typed.match(dict);
    Shape.Match custom = ANY_ROLE.match(dict);
    if (byRole != null && (custom == null || custom.fieldsSet() <= byRole.fieldsSet())) {
      return byRole.value() instanceof Value.Dict fields ? withCallsRead(fields) : null;
    }
    return custom != null && custom.value() instanceof Value.Dict fields
        ? new Valid(fields, true)
        : null;
  }

  /** The type of a part in the content of a message that was read as OpenAI's type for its role. */
  static Shape partsOf(String role) {
    return switch (role) {
      case "user" -> PartShapes.OF_USER;
      case "assistant" -> PartShapes.OF_ASSISTANT;
      default -> PartShapes.OF_OTHERS;
    };
  }

  /** Renames {@code reasoning_content}, the older name of {@code reasoning}. */
  private static Value.Dict renameReasoning(Value.Dict message) {
    Value old = Dicts.get(message, "reasoning_content");
    if (old == null) {
      return message;
    }
    Dicts.Builder renamed = new Dicts.Builder(message).remove("reasoning_content");
    if (old != Value.None.NONE && Dicts.present(message, "reasoning") == null) {
      renamed.put("reasoning", old);
    }
    return renamed.build();
  }

  /**
   * Parses the tool calls of an assistant. The engine does so while it still validates the request.
   */
  private static @Nullable Valid withCallsRead(Value.Dict fields) {
    if (!Dicts.isText(Dicts.get(fields, "role"), "assistant")
        || !(Dicts.present(fields, "tool_calls") instanceof Value.ListOf calls)) {
      return new Valid(fields, false);
    }
    List<Value> read = new ArrayList<>(calls.items().size());
    for (Value call : calls.items()) {
      Shape.Match match = ANY_CALL.match(call);
      if (match == null) {
        return null;
      }
      read.add(match.value());
    }
    return new Valid(
        new Dicts.Builder(fields).put("tool_calls", new Value.ListOf(read, false)).build(), false);
  }
}
