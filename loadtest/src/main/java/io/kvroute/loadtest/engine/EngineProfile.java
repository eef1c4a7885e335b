package io.kvroute.loadtest.engine;

/**
 * What one engine is: its memory, its scheduler's limits and its speed.
 *
 * @param name for reports
 * @param flavor whose rules it follows
 * @param blocks KV blocks, the engine's null block included (vLLM's {@code num_gpu_blocks})
 * @param blockSize tokens in a block
 * @param maxModelTokens the context: prompt and answer together
 * @param maxBatchedTokens tokens computed in one step at most
 * @param maxSequences sequences running at once at most
 * @param cost the time its steps take
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

  /** Tokens in a block where vLLM is told nothing, on a GPU. */
  public static final int DEFAULT_BLOCK_SIZE = 16;

  /** Tokens in a block where TensorRT-LLM is told nothing (tokens_per_block). */
  private static final int TENSORRT_LLM_BLOCK_SIZE = 32;

  /** vLLM's default token budget of a step on GPUs below 70 GB, and on CPUs. */
  private static final int DEFAULT_BATCHED_TOKENS = 2048;

  /** vLLM's default for sequences at once on GPUs below 70 GB. */
  private static final int DEFAULT_SEQUENCES = 256;

  /** The same on CPUs. */
  private static final int DEFAULT_CPU_SEQUENCES = 128;

  /** More blocks than any engine has, and few enough to model. */
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
   * A vLLM of two layers with random weights (Qwen3's vocabulary, 128 wide) on one CPU core, with
   * what the recordings of such an engine were made with: blocks of 32 and vLLM's defaults. Its
   * speed is found by {@code NoiseFit} (loadtest/src/test), but for reading its 39 MB of weights,
   * taken for 10 GB/s.
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

  /** What vLLM would make of a model on a GPU with its defaults. */
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

  /** The same engine with other blocks; the context shrinks to what they hold. */
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

  /** The same engine under other rules, with the block size that they default to. */
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

  /** The same engine with another context. */
  public EngineProfile withMaxModelTokens(int tokens) {
    return new EngineProfile(
        name, flavor, blocks, blockSize, tokens, maxBatchedTokens, maxSequences, cost);
  }

  /** The same engine with other limits of its scheduler. */
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
