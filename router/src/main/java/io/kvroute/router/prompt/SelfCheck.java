package io.kvroute.router.prompt;

import io.kvroute.tokenizer.PromptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares, when a replica joins, ids computed here with those its engine tells, on a few built-in
 * requests of each kind. Two wrong of one kind take that kind off ids computed here; a later check
 * that finds them right brings it back. Thread-safe.
 */
public final class SelfCheck {

  /** So many mismatches of one kind are no accident. */
  private static final int PROOF = 2;

  private static final Logger log = LoggerFactory.getLogger(SelfCheck.class);

  /** One replica's {@code /tokenize}. */
  public interface Engine {

    /** The ids it tells for {@code question}; fails where it tells none. */
    CompletableFuture<int[]> ids(byte[] question);
  }

  /**
   * What a check found.
   *
   * @param compared requests whose ids both sides told; none where the engine has no {@code
   *     /tokenize}
   * @param warnings the first difference of each kind, for people
   */
  public record Findings(int compared, List<String> warnings) {

    /** Nothing could be compared. */
    public static final Findings NONE = new Findings(0, List.of());
  }

  private final ModelEncoders encoders;
  private final TokenAgreement agreement;
  private final PromptObserver observer;

  SelfCheck(ModelEncoders encoders, TokenAgreement agreement, PromptObserver observer) {
    this.encoders = encoders;
    this.agreement = agreement;
    this.observer = observer;
  }

  /** Whether there are ids of this model to compare. */
  public boolean canCheck(String model) {
    return encoders.find(model) != null;
  }

  /**
   * Asks {@code engine} one question after the other; what is computed here is computed on the
   * threads on which it answers.
   *
   * @param replica names it in messages and in what is remembered
   * @return never fails
   */
  public CompletableFuture<Findings> check(String replica, String model, Engine engine) {
    ModelEncoder encoder = encoders.find(model);
    if (encoder == null) {
      return CompletableFuture.completedFuture(Findings.NONE);
    }
    Check check = new Check(replica, model);
    CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    for (SampleRequest sample : SampleRequest.ALL) {
      last = last.thenCompose(before -> check.compare(sample, encoder, engine));
    }
    return last.handle((done, failure) -> check.conclude(failure));
  }

  /**
   * Asks one question whose answer does not matter: an engine's first answer takes long, and one
   * without {@code /tokenize} is known as such before a request waits for it.
   *
   * @return complete when it has answered, or failed to; never fails
   */
  public CompletableFuture<Findings> greet(String model, Engine engine) {
    SampleRequest sample = SampleRequest.ALL.getFirst();
    byte[] question = TokenizeQuestion.of(sample.endpoint(), sample.body(model));
    return question == null
        ? CompletableFuture.completedFuture(Findings.NONE)
        : engine.ids(question).handle((ids, failure) -> Findings.NONE);
  }

  /** A replica has gone. */
  public void forget(String replica) {
    agreement.verdicts().forget(replica);
  }

  private final class Check {
    private final String replica;
    private final String model;
    private final Map<PromptKind, List<String>> differences = new EnumMap<>(PromptKind.class);
    private int compared;

    Check(String replica, String model) {
      this.replica = replica;
      this.model = model;
    }

    CompletableFuture<?> compare(SampleRequest sample, ModelEncoder encoder, Engine engine) {
      byte[] question = TokenizeQuestion.of(sample.endpoint(), sample.body(model));
      int[] own = question == null ? null : own(sample, encoder);
      if (question == null || own == null) {
        return CompletableFuture.completedFuture(null);
      }
      return engine
          .ids(question)
          .handle(
              (ids, failure) -> {
                if (failure == null) {
                  compare(sample.kind(), own, ids);
                }
                return ids;
              });
    }

    /** Null where the template refuses the request, or the engine does not use the template. */
    private int @Nullable [] own(SampleRequest sample, ModelEncoder encoder) {
      if (sample.kind() != PromptKind.COMPLETION && !encoder.obstacleToChat().isEmpty()) {
        return null;
      }
      try {
        return encoder.encode(encoder.render(sample.body(model))).ids();
      } catch (PromptException e) {
        log.debug("model {}: a sample is refused: {}", model, e.getMessage());
        return null;
      }
    }

    private void compare(PromptKind kind, int[] own, int[] engines) {
      compared++;
      List<String> found = differences.computeIfAbsent(kind, of -> new ArrayList<>());
      int at = Arrays.mismatch(own, engines);
      if (at >= 0) {
        found.add(
            "model %s, %s requests: from token %d on the engine's are others (%s, here %s; %d, here %d in all)"
                .formatted(
                    model,
                    kind.label(),
                    at,
                    at < engines.length ? engines[at] : "none",
                    at < own.length ? own[at] : "none",
                    engines.length,
                    own.length));
        observer.mismatched(model, kind);
      }
    }

    Findings conclude(@Nullable Throwable failure) {
      if (failure != null) {
        log.error("replica {}: its tokens could not be checked", replica, failure);
      }
      List<String> warnings = new ArrayList<>();
      differences.forEach(
          (kind, found) -> {
            agreement.verdicts().found(model, kind, replica, found.size() < PROOF);
            if (!found.isEmpty()) {
              warnings.add(found.getFirst());
              log.warn("replica {}: {}", replica, found.getFirst());
            }
          });
      return new Findings(compared, List.copyOf(warnings));
    }
  }
}
