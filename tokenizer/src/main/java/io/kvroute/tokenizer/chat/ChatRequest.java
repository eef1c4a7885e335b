package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a valid {@code /v1/chat/completions} body that affect its prompt (vLLM 0.33, {@code
 * ChatCompletionRequest}).
 *
 * @param tools as templates see them; null if the request has none
 * @param toolChoiceNone whether the request forbids the model to call tools
 */
record ChatRequest(
    List<MessageShapes.Valid> messages,
    Value.@Nullable ListOf tools,
    boolean toolChoiceNone,
    TemplateInputs template,
    Ending ending,
    boolean addSpecialTokens) {

  /**
   * What the request gives to the template besides messages and tools.
   *
   * @param own the request's own {@code chat_template}
   * @param kwargs {@code chat_template_kwargs}; empty if the request has none
   */
  record TemplateInputs(
      @Nullable String own,
      Value.Dict kwargs,
      @Nullable Value documents,
      @Nullable Value reasoningEffort) {}

  /** How the prompt ends. */
  record Ending(boolean addGenerationPrompt, boolean continueFinalMessage) {}

  private static final Shape EFFORT =
      Shape.literal("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private static final Shape DOCUMENTS = Shape.listOf(Shape.dictOf(Shape.STRING));

  static ChatRequest of(Value.Dict body) throws ChatException {
    Value.ListOf tools = ToolDefinitions.of(body);
    ToolChoice.validate(body);
    UnrenderedFields.validate(body);
    if (isTrue(body, "continue_final_message") && isTrue(body, "add_generation_prompt")) {
      throw new ChatException(
          Stage.REQUEST,
          "continue_final_message and add_generation_prompt: both true (expected: at most one)");
    }
    Value template = optional(body, "chat_template", Shape.STRING);
    Value kwargs = optional(body, "chat_template_kwargs", Shape.ANY_DICT);
    return new ChatRequest(
        messages(body),
        tools,
        Dicts.isText(Dicts.get(body, "tool_choice"), "none"),
        new TemplateInputs(
            template instanceof Value.Str text ? text.value() : null,
            kwargs instanceof Value.Dict dict ? dict : new Value.Dict(new LinkedHashMap<>()),
            optional(body, "documents", DOCUMENTS),
            optional(body, "reasoning_effort", EFFORT)),
        new Ending(
            bool(body, "add_generation_prompt", true), bool(body, "continue_final_message", false)),
        bool(body, "add_special_tokens", false));
  }

  private static List<MessageShapes.Valid> messages(Value.Dict body) throws ChatException {
    if (!(Dicts.get(body, "messages") instanceof Value.ListOf list)) {
      throw new ChatException(Stage.REQUEST, "messages: (expected: a list)");
    }
    List<MessageShapes.Valid> messages = new ArrayList<>(list.items().size());
    for (Value message : list.items()) {
      MessageShapes.Valid valid = MessageShapes.read(message);
      if (valid == null) {
        throw new ChatException(
            Stage.REQUEST, "messages." + messages.size() + ": (expected: a chat message)");
      }
      messages.add(valid);
    }
    return messages;
  }

  private static @Nullable Value optional(Value.Dict body, String field, Shape shape)
      throws ChatException {
    Value value = Dicts.present(body, field);
    if (value == null) {
      return null;
    }
    Shape.Match match = shape.match(value);
    if (match == null) {
      throw new ChatException(Stage.REQUEST, field + ": invalid value for this field");
    }
    return match.value();
  }

  /** Checks that the engine makes on a body before it validates the fields. */
  private static boolean isTrue(Value.Dict body, String field) {
    Value value = Dicts.get(body, field);
    return value != null && Value.truth(value);
  }

  private static boolean bool(Value.Dict body, String field, boolean whenMissing)
      throws ChatException {
    Value value = Dicts.get(body, field);
    if (value == null) {
      return whenMissing;
    }
    Boolean read = Shape.laxBool(value);
    if (read == null) {
      throw new ChatException(Stage.REQUEST, field + ": (expected: a boolean)");
    }
    return read;
  }
}
