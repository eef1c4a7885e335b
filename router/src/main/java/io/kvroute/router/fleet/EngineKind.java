package io.kvroute.router.fleet;

/** The kind of engine that a replica runs. */
public enum EngineKind {
  VLLM("vllm"),
  TRTLLM("trtllm"),
  /** Anything else that speaks the OpenAI API. */
  OPENAI("openai");

  private final String label;

  EngineKind(String label) {
    this.label = label;
  }

  /** The name used in JSON and in the configuration. */
  public String label() {
    return label;
  }
}
