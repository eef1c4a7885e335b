package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EffectiveTokenizerTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final List<String> PARTS = List.of("normalizer", "pre_tokenizer");

  private final ParityCorpus corpus = ParityCorpus.open();

  @Test
  void namesTheClassAndThePipelineThatTransformersUses() throws Exception {
    for (String model : corpus.models()) {
      JsonNode golden = corpus.json("golden/" + model + ".effective.json");
      if (golden == null) {
        System.out.println("effective: skipped " + model + " (KVROUTE_PARITY_DIR is not set)");
        continue;
      }
      ModelFiles files = corpus.files(model);
      JsonNode config = files.json("config.json");
      JsonNode tokenizerConfig = files.json("tokenizer_config.json");
      String text = files.tokenizerJson();
      boolean byteLevel = text.contains("\"ByteLevel\"");
      TokenizerClasses classes = new TokenizerClasses();
      String name = classes.className(config, tokenizerConfig, byteLevel);
      TokenizerJson effective =
          EffectiveTokenizer.of(
              TokenizerJson.parse(text),
              classes.pipeline(config, tokenizerConfig, byteLevel),
              tokenizerConfig);
      assertThat(name).as(model).isEqualTo(golden.path("class").asString());
      for (String part : PARTS) {
        assertThat(effective.head().path(part)).as(model + " " + part).isEqualTo(golden.path(part));
      }
    }
  }

  @Test
  void keepsTheFileForClassesThatDoNotBuildTheirOwnPipeline() throws Exception {
    JsonNode mistral = JSON.readTree("{\"model_type\": \"mistral\"}");
    JsonNode llamaClass = JSON.readTree("{\"tokenizer_class\": \"LlamaTokenizer\"}");
    assertThat(new TokenizerClasses().pipeline(mistral, llamaClass, false)).isNull();
  }

  @Test
  void buildsQwensPipelineForModelsWhoseRepositoryNamesAnotherClass() throws Exception {
    JsonNode distilled = JSON.readTree("{\"model_type\": \"qwen2\"}");
    JsonNode llamaClass = JSON.readTree("{\"tokenizer_class\": \"LlamaTokenizerFast\"}");
    assertThat(new TokenizerClasses().className(distilled, llamaClass, true))
        .isEqualTo("Qwen2Tokenizer");
  }

  @Test
  void putsAPrefixSpaceEverywhereForLegacyLlama() throws Exception {
    JsonNode llama = JSON.readTree("{\"model_type\": \"llama\"}");
    JsonNode legacy = JSON.readTree("{\"tokenizer_class\": \"LlamaTokenizer\", \"legacy\": true}");
    TokenizerJson file =
        TokenizerJson.parse(
            "{\"normalizer\": {\"type\": \"NFC\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {}}}");
    TokenizerJson effective =
        EffectiveTokenizer.of(file, new TokenizerClasses().pipeline(llama, legacy, false), legacy);
    assertThat(effective.normalizer().isNull()).isTrue();
    assertThat(effective.preTokenizer().path("prepend_scheme").asString()).isEqualTo("always");
    assertThat(effective.model().path("byte_fallback").asBoolean()).isTrue();
  }
}
