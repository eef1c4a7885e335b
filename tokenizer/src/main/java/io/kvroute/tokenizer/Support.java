package io.kvroute.tokenizer;

import java.io.IOException;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether this module renders the chat requests of a model exactly as the model's engine does. If
 * not, the engine has to be asked with {@code /tokenize}. Completion prompts are exact in any case.
 *
 * @param chatIsExact whether the engine uses the chat template and the tokenizer files
 * @param reason why not, for the log; empty if they are exact
 */
public record Support(boolean chatIsExact, String reason) {

  private static final Support EXACT = new Support(true, "");

  /** Architectures whose prompts vLLM 0.33 builds in its own Python code. */
  private static final Set<String> ENCODED_IN_PYTHON =
      Set.of(
          "DeepseekV32ForCausalLM",
          "DeepseekV4ForCausalLM",
          "DeepseekV4VisionForConditionalGeneration",
          "DeepseekV41ForCausalLM",
          "Grok1ForCausalLM",
          "InklingForCausalLM",
          "InklingForConditionalGeneration",
          "KimiK3ForCausalLM",
          "KimiK3ForConditionalGeneration",
          "MoonshotKimiaForCausalLM",
          "QwenVLForConditionalGeneration");

  /** Decides by the files of the model. */
  static Support of(ModelFiles files, JsonNode config) throws IOException {
    if (config.path("model_type").asString("").equals("gpt_oss")) {
      return new Support(false, "the engine renders gpt-oss with Harmony, not with its template");
    }
    if (files.hasMistralFormat()) {
      return new Support(false, "the engine reads Mistral's own tokenizer with mistral-common");
    }
    for (JsonNode architecture : config.path("architectures")) {
      if (ENCODED_IN_PYTHON.contains(architecture.asString(""))) {
        return new Support(
            false, "the engine has an encoder of its own for " + architecture.asString(""));
      }
    }
    return EXACT;
  }
}
