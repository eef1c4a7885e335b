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
 * One request whose prompt's keys are being computed. Computes the keys in each mode and records
 * the mode that was used; {@link PromptModeChoice} chooses it. Confined to one thread at a time.
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

  PromptKind kind() {
    return kind;
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
          log.debug(
              "model {}: no chat request for /tokenize can be made: {}", model, e.getMessage());
          yield null;
        }
      }
      default -> TokenizeBody.of(request.endpoint(), request.body().raw());
    };
  }

  private byte[] chatBody() throws PromptException {
    return ChatConversion.of(request.endpoint(), request.body().raw());
  }

  /** Whether an earlier turn of the request's conversation was routed by text. */
  boolean continuesTextConversation() {
    return !services.textConversations().isEmpty()
        && services.textConversations().contains(TextPrompt.conversation(request));
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
      record(PromptMode.TEXT, "a prompt contains media, whose tokens only the engine knows");
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
    log.debug("model {}: failed to compute a prompt's tokens; routing it by text", model, e);
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
