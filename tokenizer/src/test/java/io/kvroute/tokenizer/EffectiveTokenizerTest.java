package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.PromptEncoderOptions.TransformersRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EffectiveTokenizerTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final List<String> PARTS = List.of("normalizer", "pre_tokenizer");

  @TempDir private Path directory;
  private final ParityCorpus corpus = ParityCorpus.open();

  @Test
  void picksTheClassAndPipelineThatTransformersUses() throws Exception {
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
              classes.of(files, text, TransformersRule.V5),
              files,
              TransformersRule.V5);
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
  void addsAPrefixSpaceToEveryPieceForLegacyLlama() throws Exception {
    String json =
        "{\"normalizer\": {\"type\": \"NFC\"}, \"model\": {\"type\": \"BPE\", \"vocab\": {}}}";
    Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"llama\"}");
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\": \"LlamaTokenizer\", \"legacy\": true}");
    ModelFiles files = ModelFiles.inDirectory(directory);
    TokenizerJson effective =
        EffectiveTokenizer.of(
            TokenizerJson.parse(json),
            new TokenizerClasses().of(files, json, TransformersRule.V5),
            files,
            TransformersRule.V5);
    assertThat(effective.normalizer().isNull()).isTrue();
    assertThat(effective.preTokenizer().path("prepend_scheme").asString()).isEqualTo("always");
    assertThat(effective.model().path("byte_fallback").asBoolean()).isTrue();
  }
}
