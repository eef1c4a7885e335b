package io.kvroute.router.learn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Recordings of a real vLLM 0.32; {@code vllm-0.32/ORIGIN.md} says how they were made. */
@SuppressWarnings("ArrayRecordComponent")
final class Recordings {

  private static final int BLOCK_SIZE = 32;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Recordings() {}

  /** A request and its answer, as ids, with the cached tokens the engine reported. */
  record Exchange(int[] prompt, int[] output, int cachedTokens) {
    /** All tokens that the engine computed: all except the last one of the answer. */
    int computed() {
      return prompt.length + output.length - 1;
    }

    int[] all() {
      int[] all = Arrays.copyOf(prompt, prompt.length + output.length);
      System.arraycopy(output, 0, all, prompt.length, output.length);
      return all;
    }
  }

  /** A message as the engine published it. */
  record Published(long number, byte[] payload) {
    KvEvent.Batch batch() {
      try {
        return VllmEventDecoder.decode(payload);
      } catch (MalformedEventException e) {
        throw new AssertionError(e);
      }
    }
  }

  static List<Exchange> sequence() {
    return lines("sequence").stream()
        .map(
            line ->
                new Exchange(
                    ints(line.path("prompt")),
                    ints(line.path("output")),
                    line.path("cached_tokens").asInt()))
        .toList();
  }

  static List<Published> published(String name) {
    return lines(name).stream()
        .map(
            line ->
                new Published(
                    line.path("seq").asLong(),
                    HexFormat.of().parseHex(line.path("payload_hex").asString())))
        .toList();
  }

  /** A request of the sequence and what the engine published meanwhile. */
  record Step(Exchange exchange, List<Published> published) {}

  /**
   * The sequence's requests with their batches, which belong to requests by order and counts: a
   * request's end with its last new block and with removals that store nothing.
   */
  static List<Step> steps() {
    Deque<Published> left = new ArrayDeque<>(published("sequence-kv-events"));
    List<Step> steps = new ArrayList<>();
    for (Exchange exchange : sequence()) {
      List<Published> batches = new ArrayList<>();
      int blocks = exchange.computed() / BLOCK_SIZE - exchange.cachedTokens() / BLOCK_SIZE;
      while (!left.isEmpty() && (blocks > 0 || stores(left.peek()) == 0)) {
        blocks -= stores(left.peek());
        batches.add(left.remove());
      }
      steps.add(new Step(exchange, List.copyOf(batches)));
    }
    return steps;
  }

  private static int stores(Published message) {
    int stores = 0;
    for (KvEvent event : message.batch().events()) {
      stores += event instanceof KvEvent.Stored stored ? stored.stored().hashes().size() : 0;
    }
    return stores;
  }

  private static int[] ints(JsonNode array) {
    int[] ints = new int[array.size()];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = array.get(i).asInt();
    }
    return ints;
  }

  private static List<JsonNode> lines(String name) {
    String path = "/vllm-0.32/" + name + ".jsonl.gz";
    InputStream raw = Objects.requireNonNull(Recordings.class.getResourceAsStream(path), path);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(raw), StandardCharsets.UTF_8))) {
      return reader.lines().map(JSON::readTree).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
