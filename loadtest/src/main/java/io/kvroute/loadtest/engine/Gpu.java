package io.kvroute.loadtest.engine;

/**
 * A GPU, as far as an engine's memory and speed depend on it.
 *
 * @param name as its makers call it
 * @param memoryBytes memory that programs see
 * @param bytesPerSecond memory bandwidth
 * @param flops dense bf16 operations a second at most
 * @param computeShare the share of {@code flops} that prefill reaches
 * @param memoryShare the share of memory that the engine may use
 * @param otherBytes of which activations, graphs and libraries take this
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
   * NVIDIA L4 by its data sheet: 24 GB of which nvidia-smi shows 23,034 MiB, 300 GB/s, 121 TFLOPS
   * of bf16 without sparsity. Prefill at half of that is what large matrices reach on cards of its
   * kind; 0.9 of the memory is vLLM's long-standing default, and 1 GiB of it for what is neither
   * weights nor KV is what vLLM's memory profile shows for models of 8 billion parameters.
   */
  public static final Gpu L4 =
      new Gpu("NVIDIA L4", 23_034L << 20, 300e9, 121e12, 0.5, 0.9, 1L << 30);

  /** Bytes left for KV beside a model. */
  long bytesForKv(Model model) {
    long bytes = (long) (memoryBytes * memoryShare) - model.weightBytes() - otherBytes;
    if (bytes <= 0) {
      throw new IllegalArgumentException(
          "model: %s does not fit into %s (%d bytes short)".formatted(model.name(), name, -bytes));
    }
    return bytes;
  }

  /**
   * A step's cost. Decode reads the weights and the KV of its context once at full bandwidth (54.6
   * ms and 0.49 us a token for Qwen3-8B on an L4); prefill computes at the reached share of the
   * peak (230 us a token, 4,355 tokens a second, and 9.7 ns for each pair that attention compares).
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
