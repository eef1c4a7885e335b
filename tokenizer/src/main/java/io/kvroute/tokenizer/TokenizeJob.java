package io.kvroute.tokenizer;

import io.kvroute.tokenizer.chat.JsonException;
import io.kvroute.tokenizer.chat.JsonValues;
import io.kvroute.tokenizer.jinja.values.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/**
 * The command {@code kvroute tokenize}. Writes one line of JSON in ASCII for each request: {@code
 * {"id", "ids", "rendered", "mode"}} or {@code {"id", "error", "error_stage"}}. {@code rendered} is
 * missing if the request contains ids. {@code mode} is {@code tokens} if the router uses these ids,
 * and {@code engine-tokens} if it asks an engine's {@code /tokenize} instead.
 */
public final class TokenizeJob {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final PromptEncoder encoder;
  private final OutputStream out;

  /** Writes to {@code out}, which is flushed after each line and never closed. */
  public TokenizeJob(PromptEncoder encoder, OutputStream out) {
    this.encoder = encoder;
    this.out = out;
  }

  /**
   * Answers each line of {@code jsonl}, {@code {"id", "request"}}; empty lines are skipped.
   *
   * @return how many lines were answered with an error
   */
  public int runAll(InputStream jsonl) throws IOException {
    int errors = 0;
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(jsonl, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank() && !answerLine(line)) {
        errors++;
      }
    }
    return errors;
  }

  /**
   * Answers one request.
   *
   * @param body the request's body
   * @return whether the request has ids
   */
  public boolean runOne(String id, byte[] body) throws IOException {
    try {
      return JsonValues.parse(body) instanceof Value.Dict request
          ? answer(id, request)
          : fail(id, "the body is not a JSON object", PromptException.Stage.REQUEST);
    } catch (JsonException e) {
      return fail(id, String.valueOf(e.getMessage()), PromptException.Stage.REQUEST);
    }
  }

  private boolean answerLine(String line) throws IOException {
    try {
      if (JsonValues.parse(line) instanceof Value.Dict dict
          && dict.entries().get(new Value.Str("request")) instanceof Value.Dict request) {
        return answer(id(dict.entries().get(new Value.Str("id"))), request);
      }
      return fail(
          null, "line: (expected: an object with id and request)", PromptException.Stage.REQUEST);
    } catch (JsonException e) {
      return fail(null, "line: " + e.getMessage(), PromptException.Stage.REQUEST);
    }
  }

  private static @Nullable String id(@Nullable Value id) {
    if (id instanceof Value.Int number) {
      return Long.toString(number.value());
    }
    return id instanceof Value.Str text ? text.value() : null;
  }

  private boolean answer(@Nullable String id, Value.Dict request) throws IOException {
    try {
      RenderedPrompt rendered = encoder.render(request);
      EncodedPrompt prompt = encoder.encode(rendered);
      try (JsonGenerator line = start(id)) {
        line.writeName("ids");
        line.writeArray(prompt.rawIds(), 0, prompt.count());
        if (rendered instanceof RenderedPrompt.Text text) {
          line.writeStringProperty("rendered", text.text());
        }
        boolean exact =
            prompt.media().isEmpty()
                && (rendered.kind() == RenderedPrompt.Kind.COMPLETION
                    || encoder.support().chatIsExact());
        line.writeStringProperty("mode", exact ? "tokens" : "engine-tokens");
        line.writeEndObject();
      }
      endLine();
      return true;
    } catch (PromptException e) {
      return fail(id, String.valueOf(e.getMessage()), e.stage());
    }
  }

  private boolean fail(@Nullable String id, String message, PromptException.Stage stage)
      throws IOException {
    try (JsonGenerator line = start(id)) {
      line.writeStringProperty("error", message);
      line.writeStringProperty("error_stage", stage.name().toLowerCase(Locale.ROOT));
      line.writeEndObject();
    }
    endLine();
    return false;
  }

  private JsonGenerator start(@Nullable String id) {
    JsonGenerator line = JSON.createGenerator(ObjectWriteContext.empty(), new Unclosed(out));
    line.writeStartObject();
    if (id == null) {
      line.writeNullProperty("id");
    } else {
      line.writeStringProperty("id", id);
    }
    return line;
  }

  private void endLine() throws IOException {
    out.write('\n');
    out.flush();
  }

  /** Prevents a generator from closing the underlying stream. */
  private static final class Unclosed extends OutputStream {

    private final OutputStream to;

    Unclosed(OutputStream to) {
      this.to = to;
    }

    @Override
    public void write(int b) throws IOException {
      to.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      to.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      to.flush();
    }
  }
}
