package io.kvroute.loadtest.engine;

/**
 * The properties of a dense transformer that determine an engine's memory and speed.
 *
 * @param name the maker's name for it
 * @param parameters number of all weights
 * @param embeddingParameters weights of the input embedding and of the output head; prefill spends
 *     almost no time on them, because it looks the embedding up and needs the head for last tokens
 *     only
 * @param layers attention layers
 * @param queryHeads query heads per layer
 * @param kvHeads key and value heads per layer
 * @param headDimension size of a head
 * @param contextTokens context length in its configuration
 * @param bytesPerValue bytes per weight and per KV value
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
   * Qwen3-8B as published in its model card and config.json: 8.2 billion parameters, of which 6.95
   * billion are neither input embedding nor output head (151,936 x 4,096 each); 36 layers, 32 query
   * heads and 8 KV heads of size 128, 40,960 positions, bf16.
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

  /** Matrix operations for one token: one multiplication and one addition per weight. */
  public double flopsPerToken() {
    return 2.0 * (parameters - embeddingParameters);
  }

  /** Attention operations for one query and one key: computing the score and adding the value. */
  public double flopsPerAttendedPair() {
    return 4.0 * layers * queryHeads * headDimension;
  }
}
