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
 * Compares locally computed token ids with those of a replica's engine when the replica joins, on a
 * few built-in requests of each kind. After two mismatches of one kind, locally computed ids are
 * not used for that kind until a later check finds them right. Thread-safe.
 */
public final class SelfCheck {

  /** One mismatch may be an accident; this many are proof. */
  private static final int MISMATCHES_AS_PROOF = 2;

  private static final Logger log = LoggerFactory.getLogger(SelfCheck.class);

  /** One replica's {@code /tokenize}. */
  public interface TokenizeEndpoint {

    /** The ids for {@code tokenizeBody}; fails if the engine returns none. */
    CompletableFuture<int[]> ids(byte[] tokenizeBody);
  }

  /**
   * The result of a check.
   *
   * @param compared requests whose ids both sides computed; 0 if the engine has no {@code
   *     /tokenize}
   * @param warnings the first difference of each kind, in words
   */
  public record Findings(int compared, List<String> warnings) {

    /** Nothing was compared. */
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

  /** Whether ids of this model can be computed locally. */
  public boolean canCheck(String model) {
    return encoders.find(model) != null;
  }

  /**
   * Sends the sample requests one after the other, and computes the local ids on the threads on
   * which the engine's answers arrive.
   *
   * @param replica the replica's name in messages and results
   * @return never fails
   */
  public CompletableFuture<Findings> check(String replica, String model, TokenizeEndpoint engine) {
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
   * Sends one request whose result does not matter: an engine's first answer takes long, and an
   * engine without {@code /tokenize} is recognised before a request waits for it.
   *
   * @return completes when the engine has answered or failed; never fails
   */
  public CompletableFuture<Findings> warmUp(String model, TokenizeEndpoint engine) {
    SampleRequest sample = SampleRequest.ALL.getFirst();
    byte[] tokenizeBody = TokenizeBody.of(sample.endpoint(), sample.body(model));
    return tokenizeBody == null
        ? CompletableFuture.completedFuture(Findings.NONE)
        : engine.ids(tokenizeBody).handle((ids, failure) -> Findings.NONE);
  }

  /** Removes the results of a replica that has left. */
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

    CompletableFuture<?> compare(
        SampleRequest sample, ModelEncoder encoder, TokenizeEndpoint engine) {
      byte[] tokenizeBody = TokenizeBody.of(sample.endpoint(), sample.body(model));
      int[] own = tokenizeBody == null ? null : own(sample, encoder);
      if (tokenizeBody == null || own == null) {
        return CompletableFuture.completedFuture(null);
      }
      return engine
          .ids(tokenizeBody)
          .handle(
              (ids, failure) -> {
                if (failure == null) {
                  compare(sample.kind(), own, ids);
                }
                return ids;
              });
    }

    /**
     * The local ids; null if the template rejects the request or the engine does not use the
     * template.
     */
    private int @Nullable [] own(SampleRequest sample, ModelEncoder encoder) {
      if (sample.kind() != PromptKind.COMPLETION && !encoder.obstacleToChat().isEmpty()) {
        return null;
      }
      try {
        return encoder.encode(encoder.render(sample.body(model))).ids();
      } catch (PromptException e) {
        log.debug("model {}: the template rejects a sample: {}", model, e.getMessage());
        return null;
      }
    }

    private void compare(PromptKind kind, int[] own, int[] engines) {
      compared++;
      List<String> found = differences.computeIfAbsent(kind, of -> new ArrayList<>());
      int at = Arrays.mismatch(own, engines);
      if (at >= 0) {
        found.add(
            ("model %s, %s requests: tokens differ from index %d on (engine %s, router %s);"
                    + " the engine computed %d tokens, the router %d")
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
        log.error(
            "replica {}: the check of its tokens failed; its tokens stay unchecked",
            replica,
            failure);
      }
      List<String> warnings = new ArrayList<>();
      differences.forEach(
          (kind, found) -> {
            agreement.verdicts().record(model, kind, replica, found.size() < MISMATCHES_AS_PROOF);
            if (!found.isEmpty()) {
              warnings.add(found.getFirst());
              log.warn("replica {}: {}", replica, found.getFirst());
            }
          });
      return new Findings(compared, List.copyOf(warnings));
    }
  }
}
