package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request whose prompt's keys are being computed: says which modes are not available for it and
 * why, and computes the keys in each mode. Confined to one thread at a time.
 */
final class Prompt {

  private static final Logger log = LoggerFactory.getLogger(Prompt.class);

  private final PromptServices services;
  private final ApiRequest request;
  private final String model;
  private final PromptKind kind;

  Prompt(PromptServices services, ApiRequest request, String model) {
    this.services = services;
    this.request = request;
    this.model = model;
    this.kind = PromptKind.of(request);
  }

  String model() {
    return model;
  }

  int bodyBytes() {
    return request.body().length();
  }

  /**
   * The body for an engine's {@code /tokenize}, or null if the engine could not return this prompt.
   */
  byte @Nullable [] tokenizeBody() {
    return switch (request.endpoint()) {
      case MESSAGES -> {
        try {
          yield TokenizeBody.of(Endpoint.CHAT_COMPLETIONS, chatBody());
        } catch (PromptException e) {
          log.debug("model {}: cannot ask /tokenize: {}", model, e.getMessage());
          yield null;
        }
      }
      default -> TokenizeBody.of(request.endpoint(), request.body().raw());
    };
  }

  private byte[] chatBody() throws PromptException {
    return ChatConversion.of(request.endpoint(), request.body().raw());
  }

  /** Why the request must not be routed by tokens at all; empty if it may be. */
  String obstacleToTokens() {
    if (!services.textConversations().isEmpty()
        && services.textConversations().contains(TextPrompt.conversation(request))) {
      return "its conversation began by text";
    }
    return "";
  }

  /** Why the tokens cannot be computed locally; empty if they can. */
  String obstacleToLocalTokens() {
    if (!services.agreement().trusts(model, kind, PromptMode.TOKENS)) {
      return "local tokens disagreed with the engine's";
    }
    ModelEncoder encoder = services.encoders().find(model);
    if (encoder == null) {
      String problem = services.encoders().problem(model);
      return problem == null ? "no replica serves the model" : problem;
    }
    if (kind != PromptKind.COMPLETION && !encoder.obstacleToChat().isEmpty()) {
      return encoder.obstacleToChat();
    }
    return "";
  }

  /** Why no engine may be asked for the tokens; empty if one may be. */
  String obstacleToEngineTokens() {
    return services.agreement().trusts(model, kind, PromptMode.ENGINE_TOKENS)
        ? ""
        : "the tokens of /tokenize disagreed with the engine's count";
  }

  /**
   * The keys of a request that carries its own token ids, which needs no tokenizer; null otherwise.
   */
  @Nullable PromptKeys givenIds() {
    int[] ids =
        request.endpoint() == Endpoint.COMPLETIONS ? IdPrompt.read(request.body().raw()) : null;
    if (ids == null) {
      return null;
    }
    record(PromptMode.TOKENS, "");
    return PromptKeys.of(
        PromptMode.TOKENS,
        services.keySpace().tokenRoot(model, request.cacheSalt()),
        ids,
        ids.length);
  }

  RenderedPrompt render(ModelEncoder encoder) throws PromptException {
    long start = System.nanoTime();
    RenderedPrompt rendered = encoder.render(chatBody());
    services.observer().completed(PromptObserver.Stage.RENDER, System.nanoTime() - start);
    return rendered;
  }

  PromptKeys encode(ModelEncoder encoder, RenderedPrompt rendered) throws PromptException {
    long start = System.nanoTime();
    EncodedPrompt encoded = encoder.encode(rendered);
    services.observer().completed(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
    return keys(encoded);
  }

  @Nullable PromptKeys encodeIfQuick(ModelEncoder encoder, RenderedPrompt rendered)
      throws PromptException {
    long start = System.nanoTime();
    EncodedPrompt encoded = encoder.encodeIfQuick(rendered);
    if (encoded == null) {
      return null;
    }
    services.observer().completed(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
    return keys(encoded);
  }

  private PromptKeys keys(EncodedPrompt encoded) {
    long root = services.keySpace().tokenRoot(model, request.cacheSalt());
    if (encoded.exactCount() < encoded.count() || !encoded.media().isEmpty()) {
      record(PromptMode.TEXT, "their prompts contain media");
      int[] ids = TextPrompt.idsWithMedia(encoded, request);
      return PromptKeys.of(PromptMode.TEXT, root, ids, ids.length);
    }
    record(PromptMode.TOKENS, "");
    return PromptKeys.of(PromptMode.TOKENS, root, encoded.rawIds(), encoded.count());
  }

  /** The keys of the ids that an engine returned. */
  PromptKeys engineTokens(int[] ids, String why) {
    record(PromptMode.ENGINE_TOKENS, why);
    long root = services.keySpace().tokenRoot(model, request.cacheSalt());
    return PromptKeys.of(PromptMode.ENGINE_TOKENS, root, ids, ids.length);
  }

  PromptKeys tokens(ModelEncoder encoder, @Nullable RenderedPrompt rendered) {
    try {
      return encode(encoder, rendered != null ? rendered : render(encoder));
    } catch (PromptException | RuntimeException | StackOverflowError e) {
      return text(rejectionReason(e));
    }
  }

  String rejectionReason(Throwable e) {
    if (e instanceof PromptException) {
      return String.valueOf(e.getMessage());
    }
    log.debug("model {}: cannot encode a prompt", model, e);
    return e.toString();
  }

  PromptKeys text(String why) {
    long start = System.nanoTime();
    TextPrompt text = TextPrompt.of(request, model, services.keySpace());
    services.observer().completed(PromptObserver.Stage.RENDER, System.nanoTime() - start);
    services.textConversations().add(text.conversation());
    record(text.keys().mode(), why);
    return text.keys();
  }

  PromptKeys load(String why) {
    record(PromptMode.LOAD, why);
    return unknown();
  }

  PromptKeys unknown() {
    return PromptKeys.unknown(TextPrompt.estimate(request));
  }

  private void record(PromptMode mode, String why) {
    if (services.encoders().knows(model)) {
      services.modes().record(model, kind, mode, why);
    }
  }
}
