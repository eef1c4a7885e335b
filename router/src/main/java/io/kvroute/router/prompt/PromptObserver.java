package io.kvroute.router.prompt;

/** Is told how long the steps took and what disagreed. Called from any thread; must not block. */
public interface PromptObserver {

  /** Steps from a body to keys. */
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

  /** A step was done. Text blocks count as rendering. */
  void took(Stage stage, long nanos);

  /** An engine counted other prompt tokens than this router. */
  void mismatched(String model, PromptKind kind);
}
