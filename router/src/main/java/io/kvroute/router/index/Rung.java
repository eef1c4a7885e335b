package io.kvroute.router.index;

/** How exactly a prompt is known; the rungs of the ladder, best first. */
public enum Rung {
  /** Ids computed here, with the model's own template and tokenizer. */
  TOKENS("tokens"),
  /** Ids asked from an engine's {@code /tokenize}. */
  ENGINE_TOKENS("engine-tokens"),
  /** 64-byte blocks of the canonical message text. */
  TEXT("text"),
  /** Nothing is known; load decides. */
  LOAD("load");

  private final String label;

  Rung(String label) {
    this.label = label;
  }

  /** The name used in headers, metrics and JSON. */
  public String label() {
    return label;
  }
}
