package io.kvroute.router.app;

import io.kvroute.config.Config;
import io.kvroute.router.prompt.ModelEncoders;
import io.kvroute.tokenizer.PromptEncoderOptions;
import io.kvroute.tokenizer.PromptEncoderOptions.ContentFormat;
import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The prompt options of each model and the source of its files. Reads chat templates when created,
 * so that a missing file is reported at the start.
 */
final class ModelSettings {

  private static final String OTHERS = "*";

  private final PromptEncoderOptions common;
  private final Map<String, PromptEncoderOptions> byModel = new HashMap<>();
  private final Map<String, String> environment;

  /**
   * Reads the chat templates.
   *
   * @param environment Hugging Face's variables
   * @throws StartException if a chat template cannot be read
   */
  ModelSettings(Config config, Map<String, String> environment) throws StartException {
    this.common = common(config);
    this.environment = new HashMap<>(environment);
    if (config.hubOffline()) {
      this.environment.put("HF_HUB_OFFLINE", "1");
    }
    for (Map.Entry<String, String> template : config.chatTemplates().entrySet()) {
      byModel.put(template.getKey(), common.withChatTemplate(read(template.getValue())));
    }
  }

  /**
   * The options for a model with these names: those configured for the first name that has any. An
   * engine reads requests for all names of a model alike.
   */
  PromptEncoderOptions optionsOf(List<String> names) {
    for (String name : names) {
      PromptEncoderOptions configured = byModel.get(name);
      if (configured != null) {
        return configured;
      }
    }
    return byModel.getOrDefault(OTHERS, common);
  }

  /** A loader of model files; it blocks on disk and network. */
  ModelEncoders.Loader loader() {
    return ModelEncoders.files(environment);
  }

  private static PromptEncoderOptions common(Config config) {
    return PromptEncoderOptions.defaults()
        .withContentFormat(
            switch (config.chatTemplateContentFormat()) {
              case AUTO -> ContentFormat.AUTO;
              case STRING -> ContentFormat.STRING;
              case OPENAI -> ContentFormat.OPENAI;
            })
        .withDefaultChatTemplateKwargs(config.defaultChatTemplateKwargs())
        .withTrustRequestChatTemplate(config.trustRequestChatTemplate())
        .withExcludeToolsWhenToolChoiceNone(config.excludeToolsWhenToolChoiceNone())
        .withTransformers(config.transformers() < 5 ? TransformersRule.V4 : TransformersRule.V5);
  }

  private static String read(String file) throws StartException {
    try {
      return Files.readString(Path.of(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new StartException(
          "chat template " + file + ": cannot be read (expected: a Jinja template file)", e);
    }
  }
}
