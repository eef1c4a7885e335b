package io.kvroute.loadtest.engine;

/**
 * The properties of a GPU that determine an engine's memory and speed.
 *
 * @param name the maker's name for it
 * @param memoryBytes memory that programs see
 * @param bytesPerSecond memory bandwidth
 * @param flops peak dense bf16 operations per second
 * @param computeShare the share of {@code flops} that prefill reaches
 * @param memoryShare the share of memory that the engine may use
 * @param otherBytes bytes of the engine's memory that activations, graphs and libraries take
 */
public record Gpu(
    String name,
    long memoryBytes,
    double bytesPerSecond,
    double flops,
    double computeShare,
    double memoryShare,
    long otherBytes) {

  /**
   * NVIDIA L4, from its data sheet: 24 GB, of which nvidia-smi shows 23,034 MiB; 300 GB/s; 121
   * TFLOPS of bf16 without sparsity. Large matrices reach about half of the peak on such cards. The
   * memory share of 0.9 is vLLM's long-standing default. vLLM's memory profile shows about 1 GiB
   * besides weights and KV for models of 8 billion parameters.
   */
  public static final Gpu L4 =
      new Gpu("NVIDIA L4", 23_034L << 20, 300e9, 121e12, 0.5, 0.9, 1L << 30);

  /** Bytes left for the KV cache beside a model's weights. */
  long bytesForKv(Model model) {
    long bytes = (long) (memoryBytes * memoryShare) - model.weightBytes() - otherBytes;
    if (bytes <= 0) {
      throw new IllegalArgumentException(
          "model: %s does not fit into %s (%d bytes short)".formatted(model.name(), name, -bytes));
    }
    return bytes;
  }

  /**
   * The cost of a step. Decode reads the weights and the KV of its context once at full bandwidth:
   * 54.6 ms, and 0.49 us per token, for Qwen3-8B on an L4. Prefill computes at {@code computeShare}
   * of the peak: 230 us per token, which is 4,355 tokens per second, and 9.7 ns for each pair of
   * tokens that attention compares.
   */
  StepCost cost(Model model) {
    double reachedFlops = flops * computeShare;
    return new StepCost(
        model.weightBytes() / bytesPerSecond * 1e9,
        model.flopsPerToken() / reachedFlops * 1e9,
        model.flopsPerAttendedPair() / reachedFlops * 1e9,
        model.kvBytesPerToken() / bytesPerSecond * 1e9);
  }
}
