package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.KvEvent;
import io.kvroute.loadtest.events.VllmEventReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads recordings: JSON lines, compressed if the file's name ends in {@code .gz}. */
public final class Recordings {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Recordings() {}

  /**
   * Requests: {@code prompt}, {@code output}, {@code cached_tokens}, and for requests that
   * overlapped {@code sent}, {@code first_token}, {@code finished} in seconds.
   *
   * @throws IOException if the file can't be read, or a line is not a recorded request
   */
  public static List<RecordedRequest> requests(Path file) throws IOException {
    return lines(file, Recordings::request);
  }

  /**
   * KV events in the order in which the engine published them: {@code payload_hex} with vLLM's
   * payload.
   *
   * @throws IOException if the file can't be read, or a line is not a batch of events
   */
  public static List<KvEvent> events(Path file) throws IOException {
    List<KvEvent> events = new ArrayList<>();
    for (List<KvEvent> batch :
        lines(
            file,
            line ->
                VllmEventReader.read(HexFormat.of().parseHex(text(line, "payload_hex")))
                    .events())) {
      events.addAll(batch);
    }
    return events;
  }

  private static RecordedRequest request(JsonNode line) throws IOException {
    int[] output = ids(line, "output");
    if (output.length == 0) {
      throw new IOException("output: no tokens (expected: at least one)");
    }
    return new RecordedRequest(
        ids(line, "prompt"),
        output,
        required(line, "cached_tokens").asInt(),
        line.has("sent")
            ? new RecordedRequest.Times(
                nanos(line, "sent"), nanos(line, "first_token"), nanos(line, "finished"))
            : null);
  }

  private static int[] ids(JsonNode line, String field) throws IOException {
    JsonNode array = required(line, field);
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = array.get(i).asInt();
    }
    return ids;
  }

  private static long nanos(JsonNode line, String field) throws IOException {
    return Math.round(required(line, field).asDouble() * 1e9);
  }

  private static String text(JsonNode line, String field) throws IOException {
    return required(line, field).asString();
  }

  private static JsonNode required(JsonNode line, String field) throws IOException {
    JsonNode value = line.get(field);
    if (value == null) {
      throw new IOException(field + ": missing");
    }
    return value;
  }

  private interface LineReader<T> {
    T read(JsonNode line) throws IOException;
  }

  private static <T> List<T> lines(Path file, LineReader<T> reader) throws IOException {
    List<T> result = new ArrayList<>();
    int number = 0;
    try (InputStream raw = Files.newInputStream(file);
        InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          result.add(reader.read(JSON.readTree(line)));
        }
      }
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    } catch (JacksonException | IllegalArgumentException | IOException e) {
      throw new IOException("%s, line %d: %s".formatted(file, number, e.getMessage()), e);
    }
    return result;
  }
}
