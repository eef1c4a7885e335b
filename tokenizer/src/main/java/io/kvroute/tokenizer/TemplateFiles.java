package io.kvroute.tokenizer;

import io.kvroute.tokenizer.chat.ChatTemplates;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Finds the chat templates of a model as transformers 5.23 and vLLM do: {@code chat_template.jinja}
 * takes precedence over {@code tokenizer_config.json}, and that over {@code chat_template.json}.
 */
final class TemplateFiles {

  private TemplateFiles() {}

  /** The templates by name; empty if the model has none. */
  static Map<String, String> of(ModelFiles files, JsonNode tokenizerConfig) throws IOException {
    Map<String, String> templates = new LinkedHashMap<>();
    JsonNode configured = tokenizerConfig.path("chat_template");
    if (configured.isArray()) {
      for (JsonNode named : configured) {
        templates.put(named.path("name").asString(""), named.path("template").asString(""));
      }
    } else if (configured.isString()) {
      templates.put(ChatTemplates.DEFAULT, configured.asString());
    }
    String ownFile = files.text("chat_template.jinja");
    if (ownFile != null) {
      templates.clear();
      templates.put(ChatTemplates.DEFAULT, ownFile);
      String forTools = files.text("additional_chat_templates/tool_use.jinja");
      if (forTools != null) {
        templates.put("tool_use", forTools);
      }
    }
    JsonNode ofProcessor = files.json("chat_template.json").path("chat_template");
    if (ofProcessor.isString()) {
      templates.putIfAbsent(ChatTemplates.DEFAULT, ofProcessor.asString());
    }
    return templates;
  }
}
