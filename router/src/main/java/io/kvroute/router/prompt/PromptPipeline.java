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
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the keys of prompts on the best rung of the ladder that is open to them: the model's own
 * tokens, else text, else nothing but a length.
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
  private final TokenAgreement agreement;
  private final PromptModes modes = new PromptModes();
  private final TextConversations textConversations = new TextConversations();

  /**
   * A pipeline with its own threads.
   *
   * @param threads threads for what is too large for an event loop, at least 1
   * @param queueBytes how many bytes of bodies may wait for them
   * @param clockMillis any clock that runs forward
   */
  public PromptPipeline(
      ModelEncoders encoders,
      KeySpace keySpace,
      PromptObserver observer,
      int threads,
      long queueBytes,
      LongSupplier clockMillis) {
    this.encoders = encoders;
    this.keySpace = keySpace;
    this.observer = observer;
    this.pool = new EncodePool(threads, queueBytes);
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
    ModelEncoder encoder = obstacle.isEmpty() ? encoders.find(model) : null;
    return encoder == null
        ? byText(prompt, obstacle, loop, done)
        : byTokens(prompt, encoder, loop, done);
  }

  /** {@inheritDoc} Prompts whose counts differ by design are left out here. */
  @Override
  public void answered(ApiRequest request, PromptKeys keys, int promptTokens) {
    String model = request.model();
    if (model == null
        || promptTokens < 0
        || keys.rung() != Rung.TOKENS
        || request.traits().contains(Trait.TRUNCATED)
        || !encoders.knows(model)) {
      return;
    }
    PromptKind kind = PromptKind.of(request);
    if (!agreement.reported(model, kind, keys.tokens(), promptTokens)) {
      observer.mismatched(model, kind);
    }
  }

  /** The rungs on which requests were last routed, by model and kind. */
  public Map<String, Map<PromptKind, Rung>> modes() {
    return modes.snapshot();
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
    Runnable cancel = pool.submit(bytes, () -> prompt.tokens(encoder, soFar), loop, done);
    return cancel != null ? cancel : byText(prompt, "the tokenizing threads are busy", loop, done);
  }

  private Runnable byText(Prompt prompt, String why, Executor loop, Consumer<PromptKeys> done) {
    int bytes = prompt.request.body().length();
    if (bytes <= INLINE_TEXT_BYTES) {
      done.accept(prompt.text(why));
      return PromptPipeline::nothingToCancel;
    }
    Runnable cancel = pool.submit(bytes, () -> prompt.text(why), loop, done);
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

    /** Why the request must not be routed by tokens of its own; empty if it may. */
    String obstacleToTokens() {
      if (request.endpoint() != Endpoint.CHAT_COMPLETIONS
          && request.endpoint() != Endpoint.COMPLETIONS) {
        return "its API's prompts are not rendered here";
      }
      if (!agreement.trusts(model, kind)) {
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
      if (!textConversations.isEmpty()
          && textConversations.contains(TextPrompt.conversation(request))) {
        return "its conversation began that way";
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
      return PromptKeys.unknown(TextPrompt.estimate(request));
    }

    private void took(Rung rung, String why) {
      if (encoders.knows(model)) {
        modes.took(model, kind, rung, why);
      }
    }
  }
}
