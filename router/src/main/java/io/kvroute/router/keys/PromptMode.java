package io.kvroute.router.keys;

/** How exactly a prompt is known; the modes of the shared, best first. */
public enum PromptMode {
  /** Ids computed here, with the model's own template and tokenizer. */
  TOKENS("tokens"),
  /** Ids asked from an engine's {@code /tokenize}. */
  ENGINE_TOKENS("engine-tokens"),
  /** 64-byte blocks of the canonical message text. */
  TEXT("text"),
  /** Nothing is known; load decides. */
  LOAD("load");

  private final String label;

  PromptMode(String label) {
    this.label = label;
  }

  /** The name used in headers, metrics and JSON. */
  public String label() {
    return label;
  }
}
