package io.kvroute.tokenizer;

/** Tokenizers that lie in this module, for the demo and for tests. */
public final class BundledModel {

  /** As a tokenizer's location, wherever a directory or a model id may stand: {@link #qwen3()}. */
  public static final String QWEN3 = "bundled:qwen3";

  private BundledModel() {}

  /** Qwen3's tokenizer and chat template, Apache-2.0. */
  public static ModelFiles qwen3() {
    return ModelFiles.onClasspath("bundled Qwen3", "/io/kvroute/tokenizer/qwen3");
  }
}
