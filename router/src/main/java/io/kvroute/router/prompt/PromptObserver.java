package io.kvroute.router.prompt;

/**
 * Observes how long the steps take and which token counts disagree. Called from any thread; must
 * not block.
 */
public interface PromptObserver {

  /** Steps from a request body to keys. */
  enum Stage {
    RENDER("render"),
    TOKENIZE("tokenize");

    private final String label;

    Stage(String label) {
      this.label = label;
    }

    /** The name used in metrics. */
    public String label() {
      return label;
    }
  }

  /** A step took {@code nanos}. Text blocks count as rendering. */
  void completed(Stage stage, long nanos);

  /** An engine counted a different number of prompt tokens than the router. */
  void mismatched(String model, PromptKind kind);
}
