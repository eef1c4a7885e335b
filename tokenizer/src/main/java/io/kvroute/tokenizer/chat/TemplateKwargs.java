package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments that the engine passes to its chat template: the defaults of the server, overridden
 * by {@code chat_template_kwargs} of the request, overridden by those fields of the request that
 * templates use (vLLM 0.33, {@code build_chat_params}, {@code merge_kwargs}, {@code
 * resolve_chat_template_kwargs}).
 */
final class TemplateKwargs {

  /** Arguments that vLLM and transformers consume; templates do not see them. */
  private static final Set<String> NOT_FOR_TEMPLATES =
      Set.of(
          "tools",
          "documents",
          "chat_template",
          "tokenize",
          "add_generation_prompt",
          "continue_final_message",
          "padding",
          "truncation",
          "max_length",
          "return_tensors",
          "return_dict",
          "tokenizer_kwargs",
          "return_assistant_tokens_mask",
          "sanitize_control_tokens");

  /**
   * Arguments that the engine passes itself, and which therefore must not be given a second time.
   */
  private static final Set<String> GIVEN_BY_ENGINE =
      Set.of("model_config", "tokenizer", "self", "conversation");

  /** Arguments that must not be given, unless the template refers to them. */
  private static final Set<String> GIVEN_TO_TEMPLATE = Set.of("messages", "conversations");

  /** Functions that only transformers defines; vLLM takes them for variables of the template. */
  private static final Set<String> FUNCTIONS = Set.of("raise_exception", "strftime_now");

  /** Arguments that would make transformers return something other than plain ids. */
  private static final List<String> CHANGE_IDS =
      List.of("padding", "truncation", "max_length", "return_tensors", "tokenizer_kwargs");

  private final Map<String, Value> merged;

  private TemplateKwargs(Map<String, Value> merged) {
    this.merged = merged;
  }

  /**
   * @param defaults the server's {@code --default-chat-template-kwargs}
   * @param tools null if the template receives none
   */
  static TemplateKwargs of(ChatRequest request, Value.Dict defaults, Value.@Nullable ListOf tools) {
    Map<String, Value> merged = new LinkedHashMap<>();
    putAll(merged, defaults, false);
    if (tools != null) {
      merged.put("tools", tools);
    }
    putAll(merged, request.template().kwargs(), true);
    merged.put("add_generation_prompt", new Value.Bool(request.ending().addGenerationPrompt()));
    merged.put("continue_final_message", new Value.Bool(request.ending().continueFinalMessage()));
    if (request.template().documents() != null) {
      merged.put("documents", request.template().documents());
    }
    if (request.template().reasoningEffort() != null) {
      merged.put("reasoning_effort", request.template().reasoningEffort());
      if (Dicts.get(request.template().kwargs(), "enable_thinking") == null) {
        boolean thinks = !Dicts.isText(request.template().reasoningEffort(), "none");
        merged.put("enable_thinking", new Value.Bool(thinks));
      }
    }
    return new TemplateKwargs(merged);
  }

  private static void putAll(Map<String, Value> merged, Value.Dict from, boolean onlySet) {
    from.entries()
        .forEach(
            (key, value) -> {
              boolean unset = value == Value.None.NONE || Dicts.isText(value, "auto");
              if (key instanceof Value.Str name && !(onlySet && unset)) {
                merged.put(name.value(), value);
              }
            });
  }

  /** The tools that the template receives; null for none. */
  @Nullable Value tools() {
    Value tools = merged.get("tools");
    return tools == Value.None.NONE ? null : tools;
  }

  /** All arguments by name, in order. */
  Map<String, Value> all() {
    return merged;
  }

  /**
   * A template that replaces the model's, unless a field of the request names one; null for none.
   */
  @Nullable Value chatTemplate() {
    Value template = merged.get("chat_template");
    return template == Value.None.NONE ? null : template;
  }

  /** Whether transformers makes the ids itself, which adds no start and end tokens. */
  boolean tokenizedByTransformers() {
    return isTrue("tokenize");
  }

  /**
   * The variables of a template.
   *
   * @param declared the variables that the template refers to; arguments of other names are left
   *     out
   * @param specialTokens {@code bos_token} and so on, which arguments of the same name override
   */
  Map<String, Value> variables(Set<String> declared, Map<String, Value> specialTokens)
      throws ChatException {
    Map<String, Value> variables = new LinkedHashMap<>(specialTokens);
    for (Map.Entry<String, Value> entry : merged.entrySet()) {
      String name = entry.getKey();
      if (GIVEN_BY_ENGINE.contains(name)) {
        throw refused(name);
      }
      if (FUNCTIONS.contains(name)
          || (declared.contains(name) && !NOT_FOR_TEMPLATES.contains(name))) {
        if (GIVEN_TO_TEMPLATE.contains(name)) {
          throw refused(name);
        }
        variables.put(name, entry.getValue());
      }
    }
    if (isTrue("return_assistant_tokens_mask") || isTrue("sanitize_control_tokens")) {
      throw refused("return_assistant_tokens_mask or sanitize_control_tokens");
    }
    if (tokenizedByTransformers() && CHANGE_IDS.stream().anyMatch(this::isTrue)) {
      throw refused("tokenize with " + String.join(", ", CHANGE_IDS));
    }
    Value tools = orNone("tools");
    variables.put("tools", tools == Value.None.NONE ? tools : dicts("tools", tools));
    Value documents = orNone("documents");
    if (documents != Value.None.NONE) {
      dicts("documents", documents);
    }
    variables.put("documents", documents);
    variables.put("add_generation_prompt", orNone("add_generation_prompt"));
    return variables;
  }

  /** The items of a list that may contain only dicts. */
  private static Value dicts(String name, Value list) throws ChatException {
    if (!(Shape.iterated(list) instanceof Value.ListOf items)
        || !items.items().stream().allMatch(Value.Dict.class::isInstance)) {
      throw new ChatException(Stage.RENDER, name + ": (expected: a list of objects)");
    }
    return items;
  }

  private Value orNone(String name) {
    return merged.getOrDefault(name, Value.None.NONE);
  }

  private boolean isTrue(String name) {
    return Value.truth(orNone(name));
  }

  private static ChatException refused(String name) {
    return new ChatException(
        Stage.RENDER, "chat_template_kwargs: " + name + " (expected: variables of the template)");
  }
}
