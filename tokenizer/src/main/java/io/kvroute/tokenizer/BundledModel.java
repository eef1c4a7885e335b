package io.kvroute.tokenizer;

/** Tokenizers bundled with this module, for the demo and for tests. */
public final class BundledModel {

  /** The location of {@link #qwen3()}, wherever a directory or model id is accepted. */
  public static final String QWEN3 = "bundled:qwen3";

  private BundledModel() {}

  /** Qwen3's tokenizer and chat template, Apache-2.0. */
  public static ModelFiles qwen3() {
    return ModelFiles.onClasspath("bundled Qwen3", "/io/kvroute/tokenizer/qwen3");
  }
}
