package io.kvroute.router.keys;

/** How exactly a prompt is known, the most exact mode first. */
public enum PromptMode {
  /** Token ids computed by the router, with the model's own chat template and tokenizer. */
  TOKENS("tokens"),
  /** Token ids from an engine's {@code /tokenize}. */
  ENGINE_TOKENS("engine-tokens"),
  /** 64-byte blocks of the canonical message text. */
  TEXT("text"),
  /** Only the length is known: requests are routed by load. */
  LOAD("load");

  private final String label;

  PromptMode(String label) {
    this.label = label;
  }

  /** The name used in headers, metrics and JSON. */
  public String label() {
    return label;
  }

  /** Whether the prompt's token ids are known, computed here or by an engine. */
  public boolean isExact() {
    return this == TOKENS || this == ENGINE_TOKENS;
  }
}
