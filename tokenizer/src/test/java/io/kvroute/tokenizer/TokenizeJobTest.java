package io.kvroute.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TokenizeJobTest {

  private static PromptEncoder qwen3;

  @BeforeAll
  static void load() throws Exception {
    qwen3 = PromptEncoder.open(BundledModel.qwen3(), PromptEncoderOptions.defaults());
  }

  @Test
  void answersEachLineWithIdsOrAnError() throws Exception {
    assertThat(
            run(
                """
                {"id": "a", "request": {"prompt": "Hello world"}}

                {"id": 7, "request": {"messages": [{"role": "user", "content": "é"}]}}
                {"id": "c", "request": {"prompt": "\\ud800"}}
                {"id": "d", "request": {"prompt": [1, 2]}}
                not json
                """))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo(
                        "{\"id\":\"a\",\"ids\":[9707,1879],\"rendered\":\"Hello world\","
                            + "\"mode\":\"tokens\"}"),
            line ->
                assertThat(line)
                    .startsWith("{\"id\":\"7\",\"ids\":[151644,872,198,963,151645,198,")
                    .contains("user\\n\\u00E9<|im_end|>"),
            line ->
                assertThat(line)
                    .startsWith("{\"id\":\"c\",\"error\":\"")
                    .endsWith("\"error_stage\":\"tokenize\"}"),
            line -> assertThat(line).isEqualTo("{\"id\":\"d\",\"ids\":[1,2],\"mode\":\"tokens\"}"),
            line -> assertThat(line).startsWith("{\"id\":null,\"error\":\"line: "));
  }

  private static List<String> run(String lines) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TokenizeJob(qwen3, out)
        .runAll(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
