package io.kvroute.router.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvroute.tokenizer.BundledModel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class TokenizeCommandTest {

  private static final String CHAT =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  @TempDir private Path directory;

  private static Session tokenize(String... flags) {
    String[] args = new String[flags.length + 3];
    args[0] = "tokenize";
    args[1] = "--tokenizer";
    args[2] = BundledModel.QWEN3;
    System.arraycopy(flags, 0, args, 3, flags.length);
    return Session.of(args);
  }

  private String file(String content) throws IOException {
    return Files.writeString(directory.resolve("request.json"), content).toString();
  }

  private static JsonNode json(String line) {
    return JsonMapper.shared().readTree(line);
  }

  @Test
  void oneRequestGivesOneLine() throws IOException {
    Session session = tokenize(file(CHAT));

    assertThat(session.exitCode()).isZero();
    assertThat(session.out()).hasLineCount(1);
    JsonNode line = json(session.out());
    assertThat(line.path("rendered").asString())
        .isEqualTo("<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n");
    assertThat(line.path("ids").toString())
        .isEqualTo("[151644,872,198,9707,151645,198,151644,77091,198]");
    assertThat(line.path("mode").asString()).isEqualTo("tokens");
  }

  @Test
  void whatTheEngineWouldRejectIsAnErrorWithExitCodeOne() throws IOException {
    Session session = tokenize(file("{\"messages\":7}"));

    assertThat(session.exitCode()).isEqualTo(1);
    assertThat(json(session.out()).has("error")).isTrue();
  }

  @Test
  void readsGzippedRequestsAndOneInvalidLineAffectsNoOther() throws IOException {
    Path lines = directory.resolve("requests.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(lines))) {
      String content =
          "{\"id\":\"a\",\"request\":"
              + CHAT
              + "}\nnonsense\n"
              + "{\"id\":\"b\",\"request\":{\"prompt\":\"Hello\"}}\n";
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }

    Session session = tokenize("--requests", lines.toString());

    assertThat(session.exitCode()).isZero();
    List<JsonNode> answers = session.out().lines().map(TokenizeCommandTest::json).toList();
    assertThat(answers).extracting(line -> line.has("ids")).containsExactly(true, false, true);
    assertThat(answers.getLast().path("ids").toString()).isEqualTo("[9707]");
  }

  @Test
  void templatesSeeTheGivenTime() throws IOException {
    Path template =
        Files.writeString(directory.resolve("t.jinja"), "{{ strftime_now('%Y-%m-%d %H:%M') }}");

    for (String time : new String[] {"2026-01-15T12:34:56", "2026-01-15 12:34:56"}) {
      Session session = tokenize("--now", time, "--chat-template", template.toString(), file(CHAT));
      assertThat(json(session.out()).path("rendered").asString()).isEqualTo("2026-01-15 12:34");
    }
    Session wrong = tokenize("--now", "noon", file(CHAT));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).hasLineCount(1).contains("--now: noon");
  }

  @Test
  void aMissingTokenizerOrRequestIsReportedInOneLine() throws IOException {
    Session tokenizer = Session.of("tokenize", "--tokenizer", "/gone", file(CHAT));
    assertThat(tokenizer.exitCode()).isEqualTo(1);
    assertThat(tokenizer.err()).hasLineCount(1).contains("/gone");

    Session request = tokenize("/gone.json");
    assertThat(request.exitCode()).isEqualTo(1);
    assertThat(request.err()).hasLineCount(1).contains("/gone.json", "no such file");

    Session neither = tokenize();
    assertThat(neither.exitCode()).isEqualTo(2);
    assertThat(neither.err()).contains("--requests");
  }
}
