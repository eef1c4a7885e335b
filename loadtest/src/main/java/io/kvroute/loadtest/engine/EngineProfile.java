package io.kvroute.loadtest.engine;

/**
 * Describes one engine: its memory, its scheduler's limits and its speed.
 *
 * @param name shown in reports
 * @param flavor the rules it follows
 * @param blocks KV blocks, including the engine's null block (vLLM's {@code num_gpu_blocks})
 * @param blockSize tokens per block
 * @param maxModelTokens context length: the most tokens of prompt and answer together
 * @param maxBatchedTokens the most tokens that one step computes
 * @param maxSequences the most sequences that run at once
 * @param cost gives the duration of a step
 */
public record EngineProfile(
    String name,
    EngineFlavor flavor,
    int blocks,
    int blockSize,
    int maxModelTokens,
    int maxBatchedTokens,
    int maxSequences,
    StepCost cost) {

  /** vLLM's default block size on a GPU, in tokens. */
  public static final int DEFAULT_BLOCK_SIZE = 16;

  /** TensorRT-LLM's default block size in tokens (tokens_per_block). */
  private static final int TENSORRT_LLM_BLOCK_SIZE = 32;

  /** vLLM's default token budget of a step on CPUs and on GPUs below 70 GB. */
  private static final int DEFAULT_BATCHED_TOKENS = 2048;

  /** vLLM's default for sequences that run at once on GPUs below 70 GB. */
  private static final int DEFAULT_SEQUENCES = 256;

  /** vLLM's default for sequences that run at once on CPUs. */
  private static final int DEFAULT_CPU_SEQUENCES = 128;

  /** More blocks than any engine has, and few enough for the model's arrays. */
  private static final int MOST_BLOCKS = 1 << 24;

  public EngineProfile {
    require("blocks", blocks, 2);
    if (blocks > MOST_BLOCKS) {
      throw new IllegalArgumentException(
          "blocks: %d (expected: <= %d)".formatted(blocks, MOST_BLOCKS));
    }
    require("blockSize", blockSize, 1);
    require("maxBatchedTokens", maxBatchedTokens, 1);
    require("maxSequences", maxSequences, 1);
    require("maxModelTokens", maxModelTokens, 2);
    long room = (long) (blocks - 1) * blockSize;
    if (maxModelTokens > room) {
      throw new IllegalArgumentException(
          "maxModelTokens: %d (expected: <= %d, what %d blocks of %d hold without the null block)"
              .formatted(maxModelTokens, room, blocks, blockSize));
    }
  }

  /** The profile that simulations use unless told otherwise: Qwen3-8B in bf16 on one NVIDIA L4. */
  public static EngineProfile qwen3OnL4() {
    return of(Model.QWEN3_8B, Gpu.L4);
  }

  /**
   * vLLM with a tiny model on one CPU core: two layers, 128 wide, random weights, Qwen3's
   * vocabulary. Block size and limits are those of the recordings of such an engine: blocks of 32
   * tokens and vLLM's defaults. {@code NoiseFit} (loadtest/src/test) found its speed, except for
   * the time to read its 39 MB of weights, which assumes 10 GB/s.
   */
  public static EngineProfile tinyOnCpu() {
    return new EngineProfile(
        "tiny Qwen3 on a CPU core",
        EngineFlavor.VLLM,
        1_000,
        32,
        16_384,
        DEFAULT_BATCHED_TOKENS,
        DEFAULT_CPU_SEQUENCES,
        new StepCost(4e6, 1.6e4, 10, 500));
  }

  /** The profile that vLLM has with its default settings for a model on a GPU. */
  public static EngineProfile of(Model model, Gpu gpu) {
    long kvBytes = gpu.bytesForKv(model);
    int blocks = Math.toIntExact(kvBytes / (model.kvBytesPerToken() * DEFAULT_BLOCK_SIZE));
    int room = (blocks - 1) * DEFAULT_BLOCK_SIZE;
    return new EngineProfile(
        model.name() + " on " + gpu.name(),
        EngineFlavor.VLLM,
        blocks,
        DEFAULT_BLOCK_SIZE,
        Math.min(model.contextTokens(), room),
        DEFAULT_BATCHED_TOKENS,
        DEFAULT_SEQUENCES,
        gpu.cost(model));
  }

  /** The same engine with other blocks. The context shrinks to what the blocks hold. */
  public EngineProfile withBlocks(int newBlocks, int newBlockSize) {
    require("blocks", newBlocks, 2);
    require("blockSize", newBlockSize, 1);
    long room = (long) (newBlocks - 1) * newBlockSize;
    return new EngineProfile(
        name,
        flavor,
        newBlocks,
        newBlockSize,
        (int) Math.min(maxModelTokens, room),
        maxBatchedTokens,
        maxSequences,
        cost);
  }

  /** The same engine under other rules, with their default block size. */
  public EngineProfile withFlavor(EngineFlavor newFlavor) {
    int size = newFlavor == EngineFlavor.VLLM ? DEFAULT_BLOCK_SIZE : TENSORRT_LLM_BLOCK_SIZE;
    EngineProfile resized = withBlocks(blocks * blockSize / size, size);
    return new EngineProfile(
        name,
        newFlavor,
        resized.blocks,
        size,
        resized.maxModelTokens,
        maxBatchedTokens,
        maxSequences,
        cost);
  }

  /** The same engine with another context length. */
  public EngineProfile withMaxModelTokens(int tokens) {
    return new EngineProfile(
        name, flavor, blocks, blockSize, tokens, maxBatchedTokens, maxSequences, cost);
  }

  /** The same engine with other scheduler limits. */
  public EngineProfile withLimits(int batchedTokens, int sequences) {
    return new EngineProfile(
        name, flavor, blocks, blockSize, maxModelTokens, batchedTokens, sequences, cost);
  }

  /** The same engine at another speed. */
  public EngineProfile withCost(StepCost newCost) {
    return new EngineProfile(
        name, flavor, blocks, blockSize, maxModelTokens, maxBatchedTokens, maxSequences, newCost);
  }

  private static void require(String property, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s: %d (expected: >= %d)".formatted(property, value, least));
    }
  }
}
