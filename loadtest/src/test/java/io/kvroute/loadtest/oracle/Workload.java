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
 * A workload that vLLM's own scheduler processed, with a record of every step. The scripts in
 * src/test/python/vllm-oracle write the files and describe their format.
 *
 * @param name the kind of workload
 * @param seed seed of the workload
 * @param blocks number of blocks, including the null block
 * @param requests the requests, by number
 * @param ops operations in order: {@code +n} request n was sent, {@code -n} its client
 *     disconnected, "step" a step began, "idle" no work was left, "reset" the cache was reset
 * @param steps description of each step, in the format of {@link EngineReplay}
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

  /** A few workloads of each kind, from the test resources. */
  static final Path RECORDED = Path.of("src/test/resources/vllm-0.32/scheduler.jsonl.gz");

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * One request. Times are microseconds.
   *
   * @param prompt pieces; each is the first so many tokens of a numbered endless text
   * @param answer pieces of the answer, in the same form
   * @param end the token that ends the answer; without it, the answer's length is its limit
   * @param sent when the request was sent
   * @param first when the first token arrived, if any did
   * @param finished when the last token arrived or the client disconnected
   * @param generated number of answer tokens that arrived
   * @param cached prompt tokens that vLLM found in its cache, if a token arrived
   * @param left whether the client disconnected
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

  /** Reads all workloads from a compressed file of JSON lines. */
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
