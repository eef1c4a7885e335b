package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.prompt.ModelEncoders;
import io.kvroute.router.prompt.PromptKind;
import io.kvroute.router.prompt.PromptPipeline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** How exactly the prompts of each model are known, for people. */
public final class PromptKnowledge {

  /** Kinds whose tokens the router can compute; of the others, some go by text by design. */
  private static final Set<PromptKind> TOKENIZED =
      EnumSet.of(PromptKind.PLAIN, PromptKind.TOOLS, PromptKind.THINKING, PromptKind.COMPLETION);

  private final PromptPipeline pipeline;
  private final ModelEncoders encoders;

  private final Function<ReplicaId, List<String>> checks;

  /**
   * What the pipeline and its encoders know.
   *
   * @param checks what self-checks found of a replica, for people
   */
  public PromptKnowledge(
      PromptPipeline pipeline, ModelEncoders encoders, Function<ReplicaId, List<String>> checks) {
    this.pipeline = pipeline;
    this.encoders = encoders;
    this.checks = checks;
  }

  /** Where a replica's own tokens are others than those computed here. */
  List<String> warnings(ReplicaId replica) {
    return checks.apply(replica);
  }

  /** The least exact mode that requests took last; before the first, the one they will take. */
  PromptMode mode(String model) {
    return taken(model).entrySet().stream()
        .filter(kind -> TOKENIZED.contains(kind.getKey()))
        .map(Map.Entry::getValue)
        .max(Comparator.naturalOrder())
        .orElseGet(() -> pipeline.expectedMode(model));
  }

  /** Which code tokenizes for the model: {@code native}, {@code djl} or {@code none}. */
  String tokenizer(String model) {
    return encoders.tokenizer(model);
  }

  /** What keeps prompts of a model from being known exactly. */
  List<String> warnings(String model) {
    String problem = encoders.problem(model);
    if (problem != null) {
      return List.of("model %s is routed by %s: %s".formatted(model, mode(model).label(), problem));
    }
    List<String> warnings = new ArrayList<>();
    taken(model)
        .forEach(
            (kind, mode) -> {
              if (TOKENIZED.contains(kind) && mode != PromptMode.TOKENS) {
                warnings.add(
                    "model %s: %s requests are routed by %s; the log says why"
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

  private Map<PromptKind, PromptMode> taken(String model) {
    return pipeline.modes().getOrDefault(model, Map.of());
  }
}
