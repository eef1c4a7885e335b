package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.prompt.ModelEncoders;
import io.kvroute.router.prompt.PromptKind;
import io.kvroute.router.prompt.PromptPipeline;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** How exactly the prompts of each model are known. Thread-safe. */
public final class PromptKnowledge {

  /** Kinds whose tokens the router can compute; some of the others are routed by text by design. */
  private static final Set<PromptKind> TOKENIZED =
      EnumSet.of(PromptKind.PLAIN, PromptKind.TOOLS, PromptKind.THINKING, PromptKind.COMPLETION);

  private final PromptPipeline pipeline;
  private final ModelEncoders encoders;
  private final boolean promptsRead;
  private final Function<ReplicaId, List<String>> checks;

  /**
   * A view of the pipeline and its encoders.
   *
   * @param promptsRead whether the policy reads prompts; otherwise all are routed by load alone
   * @param checks the differences that self-checks found on a replica, in words
   */
  public PromptKnowledge(
      PromptPipeline pipeline,
      ModelEncoders encoders,
      boolean promptsRead,
      Function<ReplicaId, List<String>> checks) {
    this.pipeline = pipeline;
    this.promptsRead = promptsRead;
    this.encoders = encoders;
    this.checks = checks;
  }

  /** Describes where a replica's own tokens differ from the router's. */
  List<String> warnings(ReplicaId replica) {
    return checks.apply(replica);
  }

  /** The mode that the model's next chat request will use. */
  PromptMode mode(String model) {
    return promptsRead ? pipeline.expectedMode(model) : PromptMode.LOAD;
  }

  /** The code that tokenizes for the model: {@code native}, {@code djl} or {@code none}. */
  String tokenizer(String model) {
    return encoders.tokenizer(model);
  }

  /** Describes what keeps a model's prompts from being known exactly. */
  List<String> warnings(String model) {
    if (!promptsRead) {
      return List.of();
    }
    String problem = encoders.problem(model);
    if (problem != null) {
      return List.of("model %s is routed by %s: %s".formatted(model, mode(model).label(), problem));
    }
    List<String> warnings = new ArrayList<>();
    modesUsed(model)
        .forEach(
            (kind, mode) -> {
              if (TOKENIZED.contains(kind) && mode != PromptMode.TOKENS) {
                warnings.add(
                    "model %s: %s requests were last routed by %s; the log says why"
                        .formatted(model, kind.label(), mode.label()));
              }
            });
    pipeline
        .disagreements(model)
        .forEach(
            (kind, what) ->
                warnings.add("model %s, %s requests: %s".formatted(model, kind.label(), what)));
    return warnings;
  }

  private Map<PromptKind, PromptMode> modesUsed(String model) {
    return pipeline.modes().getOrDefault(model, Map.of());
  }
}
