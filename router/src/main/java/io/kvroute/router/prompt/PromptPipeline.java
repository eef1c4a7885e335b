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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the keys of prompts on the best mode of the shared that is open to them: the model's own
 * tokens, else those that an engine tells, else text, else nothing but a length.
 *
 * <p>What is surely small is done on the calling event loop, the rest on a few threads of its own
 * behind a queue bounded in bytes; where that is full, the request takes the next mode. A
 * conversation that was once routed by text stays there. Thread-safe.
 */
public final class PromptPipeline implements KeySource, AutoCloseable {

  /** Bodies up to this size are rendered on the event loop. */
  static final int INLINE_BODY_BYTES = 24 << 10;

  /** Bodies up to this size are made into text blocks on the event loop. */
  static final int INLINE_TEXT_BYTES = 128 << 10;

  /** Answers up to this size are tokenized on the event loop; that takes a fifth of a ms. */
  private static final int INLINE_ANSWER_CHARS = 400;

  /** Of these an engine counts other tokens than the prompt's, or none that were computed here. */
  private static final Set<Trait> COUNTED_OTHERWISE =
      EnumSet.of(Trait.TRUNCATED, Trait.SEVERAL_PROMPTS, Trait.IDS);

  private final ModelEncoders encoders;
  private final PromptObserver observer;
  private final EncodePool pool;
  private final EngineTokens engineTokens;
  private final TokenAgreement agreement;
  private final PromptModes modes = new PromptModes();
  private final SharedEncoders shared;

  /**
   * A pipeline with its own threads.
   *
   * @param engines who is asked for tokens that cannot be computed here
   * @param threads threads for what is too large for an event loop, at least 1
   * @param queueBytes how many bytes of bodies may wait for them
   * @param clockMillis any clock that runs forward
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
    this.shared =
        new SharedEncoders(encoders, keySpace, observer, agreement, modes, new TextConversations());
  }

  @Override
  public Runnable keysOf(ApiRequest request, Executor loop, Consumer<PromptKeys> done) {
    String model = request.model();
    if (model == null || !request.endpoint().byPrefix()) {
      done.accept(PromptKeys.unknown(TextPrompt.estimate(request)));
      return PromptPipeline::nothingToCancel;
    }
    Prompt prompt = new Prompt(shared, request, model);
    PromptKeys ids = prompt.broughtIds();
    if (ids != null) {
      done.accept(ids);
      return PromptPipeline::nothingToCancel;
    }
    String obstacle = prompt.obstacleToTokens();
    if (!obstacle.isEmpty()) {
      return byText(prompt, obstacle, loop, done);
    }
    String localObstacle = prompt.obstacleToLocalTokens();
    ModelEncoder encoder = localObstacle.isEmpty() ? encoders.find(model) : null;
    if (encoder != null) {
      return byTokens(prompt, encoder, loop, done);
    }
    String engineObstacle = prompt.obstacleToEngineTokens();
    if (!engineObstacle.isEmpty()) {
      return byText(prompt, engineObstacle, loop, done);
    }
    EngineWait wait = new EngineWait(prompt, localObstacle, loop, done);
    wait.begin();
    return wait;
  }

  /**
   * {@inheritDoc} Prompts whose counts differ by design are left out here; so are those of
   * messages, whose input tokens leave out cached ones in some releases of the engine.
   */
  @Override
  public void answered(ApiRequest request, PromptKeys keys, int promptTokens) {
    String model = request.model();
    if (model == null
        || promptTokens < 0
        || (keys.mode() != PromptMode.TOKENS && keys.mode() != PromptMode.ENGINE_TOKENS)
        || request.endpoint() == Endpoint.MESSAGES
        || !Collections.disjoint(request.traits(), COUNTED_OTHERWISE)
        || !encoders.knows(model)) {
      return;
    }
    PromptKind kind = PromptKind.of(request);
    if (!agreement.reported(model, kind, keys.mode(), keys.tokens(), promptTokens)) {
      observer.mismatched(model, kind);
    }
  }

  @Override
  public void answerIds(
      ApiRequest request,
      String text,
      int leastTokens,
      int mostTokens,
      Executor loop,
      Consumer<int[]> done) {
    String model = request.model();
    ModelEncoder encoder = model == null ? null : encoders.find(model);
    if (encoder == null) {
      return;
    }
    Consumer<int @Nullable []> compare =
        ids -> {
          if (ids != null && ids.length >= leastTokens && ids.length <= mostTokens) {
            done.accept(ids);
          }
        };
    if (text.length() <= INLINE_ANSWER_CHARS) {
      compare.accept(encoder.answerIds(text));
    } else {
      pool.<int @Nullable []>submit(
          text.length(), () -> encoder.answerIds(text), null, loop, compare);
    }
  }

  /** The modes on which requests were last routed, by model and kind. */
  public Map<String, Map<PromptKind, PromptMode>> modes() {
    return modes.snapshot();
  }

  /** The mode that a plain chat request to {@code model} would take now. */
  public PromptMode expectedMode(String model) {
    ModelEncoder encoder = encoders.find(model);
    if (encoder != null
        && encoder.obstacleToChat().isEmpty()
        && agreement.trusts(model, PromptKind.PLAIN, PromptMode.TOKENS)) {
      return PromptMode.TOKENS;
    }
    return engineTokens.canAsk(model) ? PromptMode.ENGINE_TOKENS : PromptMode.TEXT;
  }

  /** What {@code model}'s tokens were last seen to disagree about, by kind of request. */
  public Map<PromptKind, String> disagreements(String model) {
    return agreement.disagreements(model);
  }

  /** Compares tokens with those of replicas that join; what it finds bears on this pipeline. */
  public SelfCheck selfCheck() {
    return new SelfCheck(encoders, agreement, observer);
  }

  /** Bytes of bodies that wait for the pipeline's threads or are being worked on. */
  public long queuedBytes() {
    return pool.heldBytes();
  }

  /** Stops the threads; what waits is dropped. */
  @Override
  public void close() {
    pool.close();
  }

  private static void nothingToCancel() {}

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
          return PromptPipeline::nothingToCancel;
        }
      } catch (PromptException | RuntimeException | StackOverflowError e) {
        return byText(prompt, prompt.refused(e), loop, done);
      }
    }
    RenderedPrompt soFar = rendered;
    Runnable cancel =
        pool.submit(bytes, () -> prompt.tokens(encoder, soFar), prompt.unknown(), loop, done);
    return cancel != null ? cancel : byText(prompt, "the tokenizing threads are busy", loop, done);
  }

  private Runnable byText(Prompt prompt, String why, Executor loop, Consumer<PromptKeys> done) {
    int bytes = prompt.bodyBytes();
    if (bytes <= INLINE_TEXT_BYTES) {
      done.accept(prompt.text(why));
      return PromptPipeline::nothingToCancel;
    }
    Runnable cancel = pool.submit(bytes, () -> prompt.text(why), prompt.unknown(), loop, done);
    if (cancel == null) {
      done.accept(prompt.load("the tokenizing threads are busy"));
      return PromptPipeline::nothingToCancel;
    }
    return cancel;
  }

  /**
   * A request that waits for an engine to tell its tokens, and goes by text if none does. Confined
   * to the request's event loop.
   */
  private final class EngineWait implements Runnable {
    private final Prompt prompt;
    private final String why;
    private final Executor loop;
    private final Consumer<PromptKeys> done;
    private final long startNanos = System.nanoTime();
    private Runnable cancel = PromptPipeline::nothingToCancel;

    /**
     * @param why the tokens cannot be computed here
     */
    EngineWait(Prompt prompt, String why, Executor loop, Consumer<PromptKeys> done) {
      this.prompt = prompt;
      this.why = why;
      this.loop = loop;
      this.done = done;
    }

    void begin() {
      if (!engineTokens.canAsk(prompt.model())) {
        giveUp(why);
      } else if (prompt.bodyBytes() <= INLINE_TEXT_BYTES) {
        ask(prompt.question());
      } else {
        Runnable job =
            pool.<byte @Nullable []>submit(
                prompt.bodyBytes(), prompt::question, null, loop, this::ask);
        if (job == null) {
          giveUp("the tokenizing threads are busy");
        } else {
          cancel = job;
        }
      }
    }

    private void ask(byte @Nullable [] question) {
      if (question == null) {
        giveUp(why + "; an engine's /tokenize does not tell them either");
        return;
      }
      CompletableFuture<int[]> answer = engineTokens.ids(prompt.model(), question);
      if (answer.isDone()) {
        answered(answer);
      } else {
        CompletableFuture<int[]> told =
            answer.whenCompleteAsync((ids, failure) -> answered(answer), loop);
        cancel = () -> told.cancel(false);
      }
    }

    private void answered(CompletableFuture<int[]> answer) {
      observer.took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - startNanos);
      if (answer.state() == Future.State.SUCCESS) {
        done.accept(prompt.engineTokens(answer.resultNow(), why));
      } else {
        giveUp(why + "; no engine's /tokenize answered in time");
      }
    }

    private void giveUp(String reason) {
      cancel = byText(prompt, reason, loop, done);
    }

    /** The client has left. */
    @Override
    public void run() {
      cancel.run();
    }
  }
}
