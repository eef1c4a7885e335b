package io.kvroute.loadtest.engine;

/**
 * A dense transformer's shape, as far as an engine's memory and speed depend on it.
 *
 * @param name as its makers call it
 * @param parameters all weights
 * @param embeddingParameters weights of the input embedding and of the output head, with which
 *     prefill computes next to nothing: the one is looked up, the other needed for last tokens only
 * @param layers attention layers
 * @param queryHeads heads of each layer
 * @param kvHeads of which this many have keys and values of their own
 * @param headDimension size of a head
 * @param contextTokens the context its configuration gives
 * @param bytesPerValue of weights and KV
 */
public record Model(
    String name,
    long parameters,
    long embeddingParameters,
    int layers,
    int queryHeads,
    int kvHeads,
    int headDimension,
    int contextTokens,
    int bytesPerValue) {

  /**
   * Qwen3-8B as published (model card and config.json): 8.2 billion parameters, of which all but
   * 6.95 billion are input embedding and output head, each of them 151,936 x 4,096; 36 layers, 32
   * query and 8 KV heads of 128, 40,960 positions, bf16.
   */
  public static final Model QWEN3_8B =
      new Model("Qwen3-8B bf16", 8_190_735_360L, 2 * 151_936L * 4096, 36, 32, 8, 128, 40_960, 2);

  /** Bytes of the weights. */
  public long weightBytes() {
    return parameters * bytesPerValue;
  }

  /** Bytes of keys and values of one token: 147,456 for Qwen3-8B. */
  public long kvBytesPerToken() {
    return 2L * layers * kvHeads * headDimension * bytesPerValue;
  }

  /** Operations of the matrices for one token: a multiplication and an addition for each weight. */
  public double flopsPerToken() {
    return 2.0 * (parameters - embeddingParameters);
  }

  /** Operations of attention for one query and one key: the score's, and the value's. */
  public double flopsPerAttendedPair() {
    return 4.0 * layers * queryHeads * headDimension;
  }
}
