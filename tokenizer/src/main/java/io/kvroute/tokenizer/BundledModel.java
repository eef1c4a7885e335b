package io.kvroute.tokenizer;

/** Tokenizers that lie in this module, for the demo and for tests. */
public final class BundledModel {

  private BundledModel() {}

  /** Qwen3's tokenizer and chat template, Apache-2.0. */
  public static ModelFiles qwen3() {
    return ModelFiles.onClasspath("bundled Qwen3", "/io/kvroute/tokenizer/qwen3");
  }
}
