package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares with the ids that a running vLLM 0.32 returned, recorded by this project. */
class EngineRecordingTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  List<DynamicTest> givesTheIdsTheEngineAnswered() throws Exception {
    PromptEncoder qwen3 = PromptEncoder.open(BundledModel.qwen3(), PromptEncoderOptions.defaults());
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream in = EngineRecordingTest.class.getResourceAsStream("engine-0.32.jsonl")) {
      assertThat(in).isNotNull();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        JsonNode exchange = JSON.readTree(line);
        tests.add(
            DynamicTest.dynamicTest(
                exchange.path("name").asString(),
                () ->
                    assertThat(qwen3.encode(JSON.writeValueAsBytes(exchange.path("request"))).ids())
                        .isEqualTo(JSON.treeToValue(exchange.path("ids"), int[].class))));
      }
    }
    assertThat(tests).hasSize(3);
    return tests;
  }
}
