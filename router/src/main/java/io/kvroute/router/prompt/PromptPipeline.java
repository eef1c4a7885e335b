package io.kvroute.router.prompt;

import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.Trait;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes block keys of prompts in the most exact mode that is available.
 *
 * <p>The modes are tried in this order; each has its own class:
 *
 * <pre>
 *   tokens          the request's own ids, else local template and tokenizer      {@link Prompt}
 *   engine tokens   the ids that an engine's /tokenize returns     {@link EngineTokensFallback}
 *   text            blocks of the canonical text                           {@link TextFallback}
 *   load            no keys, only an estimated length                      {@link TextFallback}
 * </pre>
 *
 * <p>Small bodies (24 KB) are rendered and tokenized on the calling event loop; larger ones go to a
 * few threads behind a queue bounded in bytes, and to the next mode if that is full. A conversation
 * that was once routed by text stays there, because text keys never match token keys. For example,
 * a 200 KB chat request of a model with a local tokenizer:
 *
 * <pre>
 *   event loop    keysOf: tokens available, body too large: submits to the pool
 *   encode-1      renders, tokenizes, computes keys
 *   event loop    done.accept(keys in mode TOKENS)
 *   pool full     body above 128 KB: text needs the pool too, so done.accept(unknown, LOAD)
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class PromptPipeline implements KeySource, AutoCloseable {

  /** Bodies up to this size are rendered on the event loop. */
  static final int INLINE_BODY_BYTES = 24 << 10;

  /** Generated texts up to this size are tokenized on the event loop, in about 0.2 ms. */
  private static final int INLINE_GENERATED_CHARS = 400;

  /** For these the engine's count differs by design, or none was computed locally. */
  private static final Set<Trait> NOT_COMPARABLE =
      EnumSet.of(Trait.TRUNCATED, Trait.SEVERAL_PROMPTS, Trait.IDS);

  private final ModelEncoders encoders;
  private final PromptObserver observer;
  private final EncodePool pool;
  private final EngineTokens engineTokens;
  private final TokenAgreement agreement;
  private final PromptModes modes = new PromptModes();
  private final TextFallback text;
  private final EngineTokensFallback engineFallback;
  private final PromptServices services;

  /**
   * A pipeline with its own threads.
   *
   * @param engines asked for tokens that cannot be computed locally
   * @param threads threads for prompts too large for an event loop, at least 1
   * @param queueBytes request bodies that may wait for these threads
   * @param clockMillis any monotonic clock
   */
  public PromptPipeline(
      ModelEncoders encoders,
      EngineTokenizer engines,
      KeySpace keySpace,
      PromptObserver observer,
      int threads,
      long queueBytes,
      LongSupplier clockMillis) {
    this.encoders = encoders;
    this.observer = observer;
    this.pool = new EncodePool(threads, queueBytes);
    this.engineTokens = new EngineTokens(engines, keySpace);
    this.agreement = new TokenAgreement(clockMillis);
    this.text = new TextFallback(pool);
    this.engineFallback = new EngineTokensFallback(engineTokens, pool, text, observer);
    this.services =
        new PromptServices(encoders, keySpace, observer, agreement, modes, new TextConversations());
  }

  @Override
  public Runnable keysOf(ApiRequest request, Executor loop, Consumer<PromptKeys> done) {
    String model = request.model();
    if (model == null || !request.endpoint().byPrefix()) {
      done.accept(PromptKeys.unknown(TextPrompt.estimate(request)));
      return NOTHING_TO_CANCEL;
    }
    Prompt prompt = new Prompt(services, request, model);
    PromptKeys ids = prompt.givenIds();
    if (ids != null) {
      done.accept(ids);
      return NOTHING_TO_CANCEL;
    }
    String obstacle = prompt.obstacleToTokens();
    if (!obstacle.isEmpty()) {
      return text.keysOf(prompt, obstacle, loop, done);
    }
    String localObstacle = prompt.obstacleToLocalTokens();
    ModelEncoder encoder = localObstacle.isEmpty() ? encoders.find(model) : null;
    if (encoder != null) {
      return byTokens(prompt, encoder, loop, done);
    }
    String engineObstacle = prompt.obstacleToEngineTokens();
    if (!engineObstacle.isEmpty()) {
      return text.keysOf(prompt, engineObstacle, loop, done);
    }
    return engineFallback.keysOf(prompt, localObstacle, loop, done);
  }

  /**
   * {@inheritDoc} Ignores prompts whose counts differ by design, and those of {@code /v1/messages},
   * whose input tokens exclude cached ones in some releases of the engine.
   */
  @Override
  public void promptTokensReported(ApiRequest request, PromptKeys keys, int promptTokens) {
    String model = request.model();
    if (model == null
        || promptTokens < 0
        || (keys.mode() != PromptMode.TOKENS && keys.mode() != PromptMode.ENGINE_TOKENS)
        || request.endpoint() == Endpoint.MESSAGES
        || !Collections.disjoint(request.traits(), NOT_COMPARABLE)
        || !encoders.knows(model)) {
      return;
    }
    PromptKind kind = PromptKind.of(request);
    if (!agreement.reported(model, kind, keys.mode(), keys.tokens(), promptTokens)) {
      observer.mismatched(model, kind);
    }
  }

  @Override
  public void generatedIds(
      ApiRequest request,
      String text,
      int minTokens,
      int maxTokens,
      Executor loop,
      Consumer<int[]> done) {
    String model = request.model();
    ModelEncoder encoder = model == null ? null : encoders.find(model);
    if (encoder == null) {
      return;
    }
    Consumer<int @Nullable []> compare =
        ids -> {
          if (ids != null && ids.length >= minTokens && ids.length <= maxTokens) {
            done.accept(ids);
          }
        };
    if (text.length() <= INLINE_GENERATED_CHARS) {
      compare.accept(encoder.generatedIds(text));
    } else {
      pool.<int @Nullable []>submit(
          text.length(), () -> encoder.generatedIds(text), null, loop, compare);
    }
  }

  /** The modes in which requests were last routed, by model and kind. */
  public Map<String, Map<PromptKind, PromptMode>> modes() {
    return modes.snapshot();
  }

  /** The mode that a plain chat request to {@code model} would use now. */
  public PromptMode expectedMode(String model) {
    ModelEncoder encoder = encoders.find(model);
    if (encoder != null
        && encoder.obstacleToChat().isEmpty()
        && agreement.trusts(model, PromptKind.PLAIN, PromptMode.TOKENS)) {
      return PromptMode.TOKENS;
    }
    return engineTokens.canAsk(model)
            && agreement.trusts(model, PromptKind.PLAIN, PromptMode.ENGINE_TOKENS)
        ? PromptMode.ENGINE_TOKENS
        : PromptMode.TEXT;
  }

  /** The last unresolved token mismatch of {@code model}, by kind of request. */
  public Map<PromptKind, String> disagreements(String model) {
    return agreement.disagreements(model);
  }

  /** The check of replicas that join; its results influence the modes of this pipeline. */
  public SelfCheck selfCheck() {
    return new SelfCheck(encoders, agreement, observer);
  }

  /** Stops the threads and drops waiting jobs. */
  @Override
  public void close() {
    pool.close();
  }

  private Runnable byTokens(
      Prompt prompt, ModelEncoder encoder, Executor loop, Consumer<PromptKeys> done) {
    int bytes = prompt.bodyBytes();
    RenderedPrompt rendered = null;
    if (bytes <= INLINE_BODY_BYTES) {
      try {
        rendered = prompt.render(encoder);
        PromptKeys keys = prompt.encodeIfQuick(encoder, rendered);
        if (keys != null) {
          done.accept(keys);
          return NOTHING_TO_CANCEL;
        }
      } catch (PromptException | RuntimeException | StackOverflowError e) {
        return text.keysOf(prompt, prompt.rejectionReason(e), loop, done);
      }
    }
    RenderedPrompt soFar = rendered;
    Runnable cancel =
        pool.submit(bytes, () -> prompt.tokens(encoder, soFar), prompt.unknown(), loop, done);
    return cancel != null ? cancel : text.keysOf(prompt, TextFallback.POOL_FULL, loop, done);
  }
}
