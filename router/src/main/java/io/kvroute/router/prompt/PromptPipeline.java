package io.kvroute.router.prompt;

import io.kvroute.router.index.KeySpace;
import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.Trait;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the keys of prompts on the best rung of the ladder that is open to them: the model's own
 * tokens, else those that an engine tells, else text, else nothing but a length.
 *
 * <p>What is surely small is done on the calling event loop, the rest on a few threads of its own
 * behind a queue bounded in bytes; where that is full, the request takes the next rung. A
 * conversation that was once routed by text stays there. Thread-safe.
 */
public final class PromptPipeline implements KeySource, AutoCloseable {

  /** Bodies up to this size are rendered on the event loop. */
  static final int INLINE_BODY_BYTES = 24 << 10;

  /** Bodies up to this size are made into text blocks on the event loop. */
  static final int INLINE_TEXT_BYTES = 128 << 10;

  private static final Logger log = LoggerFactory.getLogger(PromptPipeline.class);

  private final ModelEncoders encoders;
  private final KeySpace keySpace;
  private final PromptObserver observer;
  private final EncodePool pool;
  private final EngineTokens engineTokens;
  private final TokenAgreement agreement;
  private final PromptModes modes = new PromptModes();
  private final TextConversations textConversations = new TextConversations();

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
    this.keySpace = keySpace;
    this.observer = observer;
    this.pool = new EncodePool(threads, queueBytes);
    this.engineTokens = new EngineTokens(engines, keySpace);
    this.agreement = new TokenAgreement(clockMillis);
  }

  @Override
  public Runnable keysOf(ApiRequest request, Executor loop, Consumer<PromptKeys> done) {
    String model = request.model();
    if (model == null || !request.endpoint().byPrefix()) {
      done.accept(PromptKeys.unknown(TextPrompt.estimate(request)));
      return PromptPipeline::nothingToCancel;
    }
    Prompt prompt = new Prompt(request, model, PromptKind.of(request));
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
    if (!agreement.trusts(model, prompt.kind, Rung.ENGINE_TOKENS)) {
      return byText(prompt, "an engine's /tokenize disagreed with its answers", loop, done);
    }
    EngineWait wait = new EngineWait(prompt, localObstacle, loop, done);
    wait.begin();
    return wait;
  }

  /** {@inheritDoc} Prompts whose counts differ by design are left out here. */
  @Override
  public void answered(ApiRequest request, PromptKeys keys, int promptTokens) {
    String model = request.model();
    if (model == null
        || promptTokens < 0
        || (keys.rung() != Rung.TOKENS && keys.rung() != Rung.ENGINE_TOKENS)
        || request.traits().contains(Trait.TRUNCATED)
        || !encoders.knows(model)) {
      return;
    }
    PromptKind kind = PromptKind.of(request);
    if (!agreement.reported(model, kind, keys.rung(), keys.tokens(), promptTokens)) {
      observer.mismatched(model, kind);
    }
  }

  /** The rungs on which requests were last routed, by model and kind. */
  public Map<String, Map<PromptKind, Rung>> modes() {
    return modes.snapshot();
  }

  /** The rung that a plain chat request to {@code model} would take now. */
  public Rung expectedMode(String model) {
    ModelEncoder encoder = encoders.find(model);
    if (encoder != null
        && encoder.obstacleToChat().isEmpty()
        && agreement.trusts(model, PromptKind.PLAIN, Rung.TOKENS)) {
      return Rung.TOKENS;
    }
    return engineTokens.canAsk(model) ? Rung.ENGINE_TOKENS : Rung.TEXT;
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
    int bytes = prompt.request.body().length();
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
    int bytes = prompt.request.body().length();
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

  /** One request on its way down the ladder. */
  private final class Prompt {
    private final ApiRequest request;
    private final String model;
    private final PromptKind kind;

    Prompt(ApiRequest request, String model, PromptKind kind) {
      this.request = request;
      this.model = model;
      this.kind = kind;
    }

    /** Why the request must not be routed by tokens, whoever tells them; empty if it may. */
    String obstacleToTokens() {
      if (request.endpoint() != Endpoint.CHAT_COMPLETIONS
          && request.endpoint() != Endpoint.COMPLETIONS) {
        return "its API's prompts are not rendered here";
      }
      if (!textConversations.isEmpty()
          && textConversations.contains(TextPrompt.conversation(request))) {
        return "its conversation began that way";
      }
      return "";
    }

    /** Why its tokens cannot be computed here; empty if they can. */
    String obstacleToLocalTokens() {
      if (!agreement.trusts(model, kind, Rung.TOKENS)) {
        return "its tokens disagreed with the engine's";
      }
      ModelEncoder encoder = encoders.find(model);
      if (encoder == null) {
        String problem = encoders.problem(model);
        return problem == null ? "no replica serves it" : problem;
      }
      if (kind != PromptKind.COMPLETION && !encoder.obstacleToChat().isEmpty()) {
        return encoder.obstacleToChat();
      }
      return "";
    }

    /** The ids are the request's own: exact without any tokenizer. */
    @Nullable PromptKeys broughtIds() {
      int[] ids =
          request.endpoint() == Endpoint.COMPLETIONS ? IdPrompt.read(request.body().raw()) : null;
      if (ids == null) {
        return null;
      }
      took(Rung.TOKENS, "");
      return PromptKeys.of(
          Rung.TOKENS, keySpace.tokenRoot(model, request.cacheSalt()), ids, ids.length);
    }

    RenderedPrompt render(ModelEncoder encoder) throws PromptException {
      long start = System.nanoTime();
      RenderedPrompt rendered = encoder.render(request.body().raw());
      observer.took(PromptObserver.Stage.RENDER, System.nanoTime() - start);
      return rendered;
    }

    PromptKeys encode(ModelEncoder encoder, RenderedPrompt rendered) throws PromptException {
      long start = System.nanoTime();
      EncodedPrompt encoded = encoder.encode(rendered);
      observer.took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
      return keys(encoded);
    }

    @Nullable PromptKeys encodeIfQuick(ModelEncoder encoder, RenderedPrompt rendered)
        throws PromptException {
      long start = System.nanoTime();
      EncodedPrompt encoded = encoder.encodeIfQuick(rendered);
      if (encoded == null) {
        return null;
      }
      observer.took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
      return keys(encoded);
    }

    private PromptKeys keys(EncodedPrompt encoded) {
      long root = keySpace.tokenRoot(model, request.cacheSalt());
      if (encoded.exactCount() < encoded.count() || !encoded.media().isEmpty()) {
        took(Rung.TEXT, "they hold media");
        int[] ids = TextPrompt.after(encoded, request);
        return PromptKeys.of(Rung.TEXT, root, ids, ids.length);
      }
      took(Rung.TOKENS, "");
      return PromptKeys.of(Rung.TOKENS, root, encoded.rawIds(), encoded.count());
    }

    /** What an engine answered. */
    PromptKeys engineTokens(int[] ids, String why) {
      took(Rung.ENGINE_TOKENS, why);
      long root = keySpace.tokenRoot(model, request.cacheSalt());
      return PromptKeys.of(Rung.ENGINE_TOKENS, root, ids, ids.length);
    }

    PromptKeys tokens(ModelEncoder encoder, @Nullable RenderedPrompt rendered) {
      try {
        return encode(encoder, rendered != null ? rendered : render(encoder));
      } catch (PromptException | RuntimeException | StackOverflowError e) {
        return text(refused(e));
      }
    }

    String refused(Throwable e) {
      if (e instanceof PromptException) {
        return String.valueOf(e.getMessage());
      }
      log.debug("model {}: a prompt could not be encoded", model, e);
      return e.toString();
    }

    PromptKeys text(String why) {
      long start = System.nanoTime();
      TextPrompt text = TextPrompt.of(request, model, keySpace);
      observer.took(PromptObserver.Stage.RENDER, System.nanoTime() - start);
      textConversations.add(text.conversation());
      took(text.keys().rung(), why);
      return text.keys();
    }

    PromptKeys load(String why) {
      took(Rung.LOAD, why);
      return unknown();
    }

    PromptKeys unknown() {
      return PromptKeys.unknown(TextPrompt.estimate(request));
    }

    private void took(Rung rung, String why) {
      if (encoders.knows(model)) {
        modes.took(model, kind, rung, why);
      }
    }
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
      if (!engineTokens.canAsk(prompt.model)) {
        giveUp(why);
      } else if (prompt.request.body().length() <= INLINE_TEXT_BYTES) {
        ask(question());
      } else {
        Runnable job =
            pool.<byte @Nullable []>submit(
                prompt.request.body().length(), this::question, null, loop, this::ask);
        if (job == null) {
          giveUp("the tokenizing threads are busy");
        } else {
          cancel = job;
        }
      }
    }

    private byte @Nullable [] question() {
      return TokenizeQuestion.of(prompt.request.endpoint(), prompt.request.body().raw());
    }

    private void ask(byte @Nullable [] question) {
      if (question == null) {
        giveUp(why + "; an engine's /tokenize does not tell them either");
        return;
      }
      CompletableFuture<int[]> answer = engineTokens.ids(prompt.model, question);
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
