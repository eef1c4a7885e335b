package io.kvroute.router.openai;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The recorded HTTP exchanges with a real engine, by name. */
public final class Recordings {

  private static final JsonMapper MAPPER = new JsonMapper();

  private Recordings() {}

  /**
   * One exchange.
   *
   * @param requestText the body sent, empty where none was
   * @param responseText the body received
   */
  public record Exchange(
      String name, String path, String requestText, int status, String responseText) {

    public byte[] request() {
      return requestText.getBytes(StandardCharsets.UTF_8);
    }

    public byte[] response() {
      return responseText.getBytes(StandardCharsets.UTF_8);
    }

    public boolean streamed() {
      return responseText.startsWith("data:");
    }
  }

  public static Exchange named(String name) {
    return Objects.requireNonNull(all().get(name), name);
  }

  public static Map<String, Exchange> all() {
    Map<String, Exchange> exchanges = new LinkedHashMap<>();
    try (InputStream file =
            Objects.requireNonNull(
                Recordings.class.getResourceAsStream("/vllm-0.32/http.jsonl.gz"));
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode node = MAPPER.readTree(line);
        JsonNode body = node.get("request").get("body");
        String name = node.get("name").asString();
        exchanges.put(
            name,
            new Exchange(
                name,
                node.get("request").get("path").asString(),
                body.isNull() ? "" : MAPPER.writeValueAsString(body),
                node.get("response").get("status").asInt(),
                node.get("response").get("body").asString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return exchanges;
  }
}
