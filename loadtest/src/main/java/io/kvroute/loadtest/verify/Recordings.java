package io.kvroute.loadtest.verify;

import io.kvroute.loadtest.engine.EngineKvEvent;
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
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads recordings: JSON lines, compressed if the file's name ends in {@code .gz}. */
public final class Recordings {

  private static final JsonMapper JSON = JsonMapper.shared();

  private Recordings() {}

  /**
   * Reads requests: {@code prompt}, {@code output}, {@code cached_tokens} and, for requests that
   * overlapped, {@code sent}, {@code first_token}, {@code finished} in seconds.
   *
   * @return at least one request; all have times or none has
   * @throws IOException if the file cannot be read, or a line is not a recorded request
   */
  public static List<RecordedRequest> requests(Path file) throws IOException {
    List<RecordedRequest> requests = lines(file, Recordings::request);
    long timed = requests.stream().filter(request -> request.times() != null).count();
    if (requests.isEmpty()) {
      throw new IOException(file + ": no requests (expected: at least one)");
    }
    if (timed > 0 && timed < requests.size()) {
      throw new IOException(
          "%s: sent: in %d of %d requests (expected: in all or none)"
              .formatted(file, timed, requests.size()));
    }
    return requests;
  }

  /**
   * Reads KV events in the order of their publication: {@code payload_hex} holds vLLM's payload.
   *
   * @throws IOException if the file cannot be read, or a line is not a batch of events
   */
  public static List<EngineKvEvent> events(Path file) throws IOException {
    List<EngineKvEvent> events = new ArrayList<>();
    for (List<EngineKvEvent> batch :
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
    int[] prompt = ids(line, "prompt");
    JsonNode cached = required(line, "cached_tokens");
    return new RecordedRequest(
        prompt,
        ids(line, "output"),
        count(cached, "cached_tokens", prompt.length),
        line.has("sent") ? times(line) : null);
  }

  private static RecordedRequest.Times times(JsonNode line) throws IOException {
    RecordedRequest.Times times =
        new RecordedRequest.Times(
            nanos(line, "sent"), nanos(line, "first_token"), nanos(line, "finished"));
    if (times.sent() > times.firstToken() || times.firstToken() > times.finished()) {
      throw new IOException("sent, first_token, finished: not in this order");
    }
    return times;
  }

  private static int[] ids(JsonNode line, String field) throws IOException {
    JsonNode array = required(line, field);
    if (!array.isArray() || array.isEmpty()) {
      throw new IOException(field + ": no token ids (expected: a list of at least one)");
    }
    int[] ids = new int[array.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = count(array.get(i), "%s[%d]".formatted(field, i), Integer.MAX_VALUE);
    }
    return ids;
  }

  private static int count(JsonNode value, String name, int most) throws IOException {
    if (!value.isInt() || value.intValue() < 0 || value.intValue() > most) {
      throw new IOException("%s: %s (expected: 0..%d)".formatted(name, value, most));
    }
    return value.intValue();
  }

  private static long nanos(JsonNode line, String field) throws IOException {
    JsonNode seconds = required(line, field);
    if (!seconds.isNumber() || seconds.doubleValue() < 0) {
      throw new IOException("%s: %s (expected: seconds)".formatted(field, seconds));
    }
    return Math.round(seconds.doubleValue() * 1e9);
  }

  private static String text(JsonNode line, String field) throws IOException {
    JsonNode value = required(line, field);
    if (!value.isString()) {
      throw new IOException("%s: %s (expected: a text)".formatted(field, value));
    }
    return value.stringValue();
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
    } catch (ZipException e) {
      throw new IOException("%s: not whole gzip: %s".formatted(file, e.getMessage()), e);
    } catch (JacksonException e) {
      throw new IOException("%s, line %d: not a JSON object".formatted(file, number), e);
    } catch (IllegalArgumentException | IOException e) {
      throw new IOException("%s, line %d: %s".formatted(file, number, e.getMessage()), e);
    }
    return result;
  }
}
