package io.kvroute.router.prompt;

import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.Trait;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Computes block keys of prompts in the most exact mode that is available. {@link PromptModeChoice}
 * decides between the first three modes; each has its own class:
 *
 * <pre>
 *   tokens          the request's own ids                                  {@link IdPrompt}
 *                   or local template and tokenizer                        {@link LocalTokenKeysJob}
 *   engine tokens   the ids that an engine's /tokenize returns             {@link EngineTokenKeysJob}
 *   text            blocks of the canonical text                           {@link TextKeysJob}
 *   load            no keys, only an estimated length                      {@link TextKeysJob}
 * </pre>
 *
 * <p>Small bodies (24 KB) are rendered and tokenized on the calling event loop. Larger ones go to a
 * few threads, behind a queue whose size in bytes is bounded. When that queue is full, the prompt
 * falls back to text. A conversation that was routed by text stays with text, because text keys
 * never match token keys. For example, a 200 KB chat request of a model with a local tokenizer:
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

  /** Generated texts up to this size are tokenized on the event loop, in about 0.2 ms. */
  private static final int INLINE_GENERATED_CHARS = 400;

  /**
   * Requests with these traits are not compared: the engine counts them differently by design, or
   * the router has computed no tokens for them.
   */
  private static final Set<Trait> NOT_COMPARABLE =
      EnumSet.of(Trait.TRUNCATED, Trait.SEVERAL_PROMPTS, Trait.IDS);

  private final ModelEncoders encoders;
  private final PromptObserver observer;
  private final EncodePool pool;
  private final EngineTokens engineTokens;
  private final TokenAgreement agreement;
  private final PromptModes modes = new PromptModes();
  private final TextKeysJob text;
  private final LocalTokenKeysJob localTokens;
  private final EngineTokenKeysJob askedTokens;
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
    this.text = new TextKeysJob(pool);
    this.localTokens = new LocalTokenKeysJob(pool, text);
    this.askedTokens = new EngineTokenKeysJob(engineTokens, pool, text, observer);
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
    return switch (PromptModeChoice.of(prompt, services)) {
      case PromptModeChoice.LocalTokens local ->
          localTokens.keysOf(prompt, local.encoder(), loop, done);
      case PromptModeChoice.EngineTokens asked ->
          askedTokens.keysOf(prompt, asked.why(), loop, done);
      case PromptModeChoice.Text rest -> text.keysOf(prompt, rest.why(), loop, done);
    };
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
        || !keys.mode().isExact()
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

  /**
   * The mode that a plain chat request to {@code model} would use now. If the last one was routed
   * by text, engines are not expected to return the tokens of the next.
   */
  public PromptMode expectedMode(String model) {
    ModelEncoder encoder = encoders.find(model);
    if (encoder != null
        && encoder.obstacleToChat().isEmpty()
        && agreement.trusts(model, PromptKind.PLAIN, PromptMode.TOKENS)) {
      return PromptMode.TOKENS;
    }
    return modes.last(model, PromptKind.PLAIN) != PromptMode.TEXT
            && engineTokens.canAsk(model)
            && agreement.trusts(model, PromptKind.PLAIN, PromptMode.ENGINE_TOKENS)
        ? PromptMode.ENGINE_TOKENS
        : PromptMode.TEXT;
  }

  /** The last unresolved token mismatch of {@code model}, by kind of request. */
  public Map<PromptKind, String> disagreements(String model) {
    return agreement.disagreements(model);
  }

  /** The check of replicas that join; a failed check makes this pipeline avoid local tokens. */
  public SelfCheck selfCheck() {
    return new SelfCheck(encoders, agreement, observer);
  }

  /** Stops the threads and drops waiting jobs. */
  @Override
  public void close() {
    pool.close();
  }
}
