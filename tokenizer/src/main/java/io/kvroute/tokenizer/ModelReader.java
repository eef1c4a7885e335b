package io.kvroute.tokenizer;

import io.kvroute.tokenizer.chat.ChatRenderer;
import io.kvroute.tokenizer.chat.ChatTemplates;
import io.kvroute.tokenizer.chat.JsonException;
import io.kvroute.tokenizer.chat.JsonValues;
import io.kvroute.tokenizer.jinja.ContentFormat;
import io.kvroute.tokenizer.jinja.values.Value;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Builds the encoder of a model from the model's files and the engine's settings. */
final class ModelReader {

  private ModelReader() {}

  static PromptEncoder read(ModelFiles files, PromptEncoderOptions options) throws IOException {
    JsonNode config = files.json("config.json");
    JsonNode tokenizerConfig = files.json("tokenizer_config.json");
    String json = files.tokenizerJson();
    TokenizerClass loader = new TokenizerClasses().of(files, json, options.transformers());
    TokenizerJson tokenizer =
        EffectiveTokenizer.of(TokenizerJson.parse(json), loader, files, options.transformers());
    Map<String, Value> specialTokens =
        SpecialTokens.of(tokenizerConfig, files.json("special_tokens_map.json"), loader.pipeline());
    return new PromptEncoder(
        new Tokenizer(tokenizer, options.cacheBytes()),
        new ChatRenderer(
            templates(files, tokenizerConfig, options), specialTokens, settings(options)),
        Support.of(files, config));
  }

  private static ChatTemplates templates(
      ModelFiles files, JsonNode tokenizerConfig, PromptEncoderOptions options) throws IOException {
    String given = options.chatTemplate();
    return new ChatTemplates(
        given == null
            ? TemplateFiles.of(files, tokenizerConfig)
            : Map.of(ChatTemplates.DEFAULT, given));
  }

  private static ChatRenderer.Settings settings(PromptEncoderOptions options) throws IOException {
    return new ChatRenderer.Settings(
        contentFormat(options),
        defaultKwargs(options.defaultChatTemplateKwargs()),
        options.trustRequestChatTemplate(),
        options.excludeToolsWhenToolChoiceNone(),
        options.clock());
  }

  private static @Nullable ContentFormat contentFormat(PromptEncoderOptions options) {
    return switch (options.contentFormat()) {
      case AUTO -> null;
      case STRING -> ContentFormat.STRING;
      case OPENAI -> ContentFormat.OPENAI;
    };
  }

  private static Value.Dict defaultKwargs(String json) throws IOException {
    try {
      if (JsonValues.parse(json) instanceof Value.Dict kwargs) {
        return kwargs;
      }
      throw new IOException("default chat template kwargs: " + json + " (expected: a JSON object)");
    } catch (JsonException e) {
      throw new IOException("default chat template kwargs: " + json + ": " + e.getMessage(), e);
    }
  }
}
