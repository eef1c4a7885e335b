package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments with which the engine calls its chat template: the server's defaults, overridden by
 * the request's {@code chat_template_kwargs}, overridden by the fields of the request that have a
 * meaning for templates (vLLM 0.33, {@code build_chat_params}, {@code merge_kwargs}, {@code
 * resolve_chat_template_kwargs}).
 */
final class TemplateKwargs {

  /** Arguments transformers keeps to itself; templates do not see them. */
  private static final Set<String> NOT_FOR_TEMPLATES =
      Set.of(
          "tools",
          "documents",
          "add_generation_prompt",
          "continue_final_message",
          "padding",
          "truncation",
          "max_length",
          "return_tensors",
          "return_dict",
          "tokenizer_kwargs",
          "return_assistant_tokens_mask",
          "sanitize_control_tokens",
          "self");

  private static final Set<String> FORBIDDEN =
      Set.of("chat_template", "tokenize", "conversation", "messages");

  private final Map<String, Value> merged;

  private TemplateKwargs(Map<String, Value> merged) {
    this.merged = merged;
  }

  /**
   * @param defaults the server's {@code --default-chat-template-kwargs}
   * @param tools null if the template gets none
   */
  static TemplateKwargs of(ChatRequest request, Value.Dict defaults, Value.@Nullable ListOf tools) {
    Map<String, Value> merged = new LinkedHashMap<>();
    putAll(merged, defaults, false);
    if (tools != null) {
      merged.put("tools", tools);
    }
    putAll(merged, request.templateKwargs(), true);
    merged.put("add_generation_prompt", new Value.Bool(request.addGenerationPrompt()));
    merged.put("continue_final_message", new Value.Bool(request.continueFinalMessage()));
    if (request.documents() != null) {
      merged.put("documents", request.documents());
    }
    if (request.reasoningEffort() != null) {
      merged.put("reasoning_effort", request.reasoningEffort());
      if (Dicts.get(request.templateKwargs(), "enable_thinking") == null) {
        boolean thinks = !Dicts.isText(request.reasoningEffort(), "none");
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

  /** The tools the template gets; null for none. */
  @Nullable Value tools() {
    Value tools = merged.get("tools");
    return tools == Value.None.NONE ? null : tools;
  }

  /** All of them by name, in order. */
  Map<String, Value> all() {
    return merged;
  }

  /**
   * The variables of a template.
   *
   * @param declared the variables the template refers to; others are left out
   * @param specialTokens {@code bos_token} and so on, which arguments of the same name replace
   */
  Map<String, Value> variables(Set<String> declared, Map<String, Value> specialTokens)
      throws ChatException {
    Map<String, Value> variables = new LinkedHashMap<>(specialTokens);
    for (Map.Entry<String, Value> entry : merged.entrySet()) {
      String name = entry.getKey();
      if (FORBIDDEN.contains(name)) {
        throw refused(name);
      }
      if (declared.contains(name) && !NOT_FOR_TEMPLATES.contains(name)) {
        variables.put(name, entry.getValue());
      }
    }
    if (isTrue("return_assistant_tokens_mask") || isTrue("sanitize_control_tokens")) {
      throw refused("return_assistant_tokens_mask or sanitize_control_tokens");
    }
    variables.put("tools", orNone("tools"));
    variables.put("documents", documents());
    variables.put("add_generation_prompt", orNone("add_generation_prompt"));
    return variables;
  }

  private Value documents() throws ChatException {
    Value documents = orNone("documents");
    if (documents instanceof Value.ListOf list) {
      for (Value document : list.items()) {
        if (!(document instanceof Value.Dict)) {
          throw new ChatException(Stage.RENDER, "documents: (expected: a list of objects)");
        }
      }
    }
    return documents;
  }

  private Value orNone(String name) {
    return merged.getOrDefault(name, Value.None.NONE);
  }

  private boolean isTrue(String name) {
    return merged.get(name) instanceof Value.Bool flag && flag.value();
  }

  private static ChatException refused(String name) {
    return new ChatException(
        Stage.RENDER, "chat_template_kwargs: " + name + " (expected: variables of the template)");
  }
}
