package io.kvroute.router.shadow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Requests that a real vLLM 0.32 (CPU, 256 blocks of 32) served, recorded by this project, with the
 * number of prompt tokens that it found in its cache. Times are zero where requests ran one by one.
 */
final class Recording {

  static final int BLOCK_SIZE = 32;
  static final int NUM_BLOCKS = 256;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Recording() {}

  static final class Request {
    final int[] prompt;
    final int[] output;
    final int cachedTokens;
    final double sent;
    final double firstToken;
    final double finished;

    private Request(JsonNode json) {
      prompt = ints(json.path("prompt"));
      output = ints(json.path("output"));
      cachedTokens = json.path("cached_tokens").asInt();
      sent = json.path("sent").asDouble(0);
      firstToken = json.path("first_token").asDouble(0);
      finished = json.path("finished").asDouble(0);
    }

    private static int[] ints(JsonNode array) {
      return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    }
  }

  static List<Request> read(String name) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Objects.requireNonNull(
                        Recording.class.getResourceAsStream("/vllm-0.32/" + name))),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> new Request(JSON.readTree(line))).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
