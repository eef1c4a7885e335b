package io.kvroute.loadtest.oracle;

import io.kvroute.loadtest.engine.EngineProfile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/**
 * Requests that vLLM's own scheduler was given, and what it made of them
 * (src/test/python/vllm-oracle writes these files and says what stands in them).
 *
 * @param name the kind of workload
 * @param seed of which it was drawn
 * @param blocks the null block included
 * @param requests by their number
 * @param ops what happened, in order: {@code +n} request n was sent, {@code -n} its client left,
 *     "step" for a step begun, "idle" where nothing was left to do, "reset" of the cache
 * @param steps what each step did, in the words of {@link EngineReplay}
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Workload(
    String name,
    long seed,
    int blocks,
    int blockSize,
    int maxModelLen,
    int maxBatched,
    int maxSeqs,
    List<Request> requests,
    List<String> ops,
    List<String> steps) {

  /** A few workloads of each kind. */
  static final Path RECORDED = Path.of("src/test/resources/vllm-0.32/scheduler.jsonl.gz");

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * One request. Times are microseconds.
   *
   * @param prompt pieces, each the first so many tokens of a numbered endless text
   * @param answer likewise
   * @param end the token that ends the answer; without it, its length is its limit
   * @param sent when
   * @param first when its first token came, if it did
   * @param finished when its last token came, or its client left
   * @param generated tokens of the answer that came
   * @param cached prompt tokens that vLLM reused, if a token came
   * @param left whether its client left
   */
  @SuppressWarnings("ArrayRecordComponent") // read once, never compared
  record Request(
      List<int[]> prompt,
      int[] answer,
      @Nullable String salt,
      @Nullable Integer end,
      long sent,
      long first,
      long finished,
      int generated,
      int cached,
      boolean left) {

    int[] promptTokens() {
      int[] tokens = new int[prompt.stream().mapToInt(piece -> piece[1]).sum()];
      int n = 0;
      for (int[] piece : prompt) {
        for (int i = 0; i < piece[1]; i++) {
          tokens[n++] = token(piece[0], i);
        }
      }
      return tokens;
    }

    int[] answerTokens() {
      int[] tokens = new int[answer[1]];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = token(answer[0], i);
      }
      return tokens;
    }

    private static int token(long text, int i) {
      return (int) ((text * 2654435761L + i * 40503L) / 128 % 150001);
    }
  }

  EngineProfile profile() {
    return EngineProfile.qwen3OnL4()
        .withBlocks(blocks, blockSize)
        .withMaxModelTokens(maxModelLen)
        .withLimits(maxBatched, maxSeqs);
  }

  /** All workloads in a compressed file of JSON lines. */
  static List<Workload> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return lines.lines().map(line -> JSON.readValue(line, Workload.class)).toList();
    } catch (JacksonException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return name + ", seed " + seed;
  }
}
