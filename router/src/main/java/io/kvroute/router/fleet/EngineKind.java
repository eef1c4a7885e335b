package io.kvroute.router.fleet;

/** What kind of engine a replica runs. */
public enum EngineKind {
  VLLM("vllm"),
  TRTLLM("trtllm"),
  /** Anything else that speaks the OpenAI API. */
  OPENAI("openai");

  private final String label;

  EngineKind(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
