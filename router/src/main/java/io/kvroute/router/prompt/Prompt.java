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
 * One request on its way down the shared: what stands in the way of each mode, and the keys it gets
 * there. Confined to one thread at a time.
 */
final class Prompt {

  private static final Logger log = LoggerFactory.getLogger(Prompt.class);

  private final SharedEncoders shared;
  private final ApiRequest request;
  private final String model;
  private final PromptKind kind;

  Prompt(SharedEncoders shared, ApiRequest request, String model) {
    this.shared = shared;
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

  /** What an engine's {@code /tokenize} is asked; null where it could not tell. */
  byte @Nullable [] question() {
    return switch (request.endpoint()) {
      case MESSAGES -> {
        try {
          yield TokenizeQuestion.of(Endpoint.CHAT_COMPLETIONS, chatBody());
        } catch (PromptException e) {
          log.debug("model {}: no question for /tokenize: {}", model, e.getMessage());
          yield null;
        }
      }
      default -> TokenizeQuestion.of(request.endpoint(), request.body().raw());
    };
  }

  private byte[] chatBody() throws PromptException {
    return ChatForm.of(request.endpoint(), request.body().raw());
  }

  /** Why the request must not be routed by tokens, whoever tells them; empty if it may. */
  String obstacleToTokens() {
    if (!shared.textConversations().isEmpty()
        && shared.textConversations().contains(TextPrompt.conversation(request))) {
      return "its conversation began that way";
    }
    return "";
  }

  /** Why its tokens cannot be computed here; empty if they can. */
  String obstacleToLocalTokens() {
    if (!shared.agreement().trusts(model, kind, PromptMode.TOKENS)) {
      return "its tokens disagreed with the engine's";
    }
    ModelEncoder encoder = shared.encoders().find(model);
    if (encoder == null) {
      String problem = shared.encoders().problem(model);
      return problem == null ? "no replica serves it" : problem;
    }
    if (kind != PromptKind.COMPLETION && !encoder.obstacleToChat().isEmpty()) {
      return encoder.obstacleToChat();
    }
    return "";
  }

  /** Why no engine is asked for its tokens; empty if one may be. */
  String obstacleToEngineTokens() {
    return shared.agreement().trusts(model, kind, PromptMode.ENGINE_TOKENS)
        ? ""
        : "what /tokenize told disagreed with what the engine counted";
  }

  /** The ids are the request's own: exact without any tokenizer. */
  @Nullable PromptKeys broughtIds() {
    int[] ids =
        request.endpoint() == Endpoint.COMPLETIONS ? IdPrompt.read(request.body().raw()) : null;
    if (ids == null) {
      return null;
    }
    took(PromptMode.TOKENS, "");
    return PromptKeys.of(
        PromptMode.TOKENS,
        shared.keySpace().tokenRoot(model, request.cacheSalt()),
        ids,
        ids.length);
  }

  RenderedPrompt render(ModelEncoder encoder) throws PromptException {
    long start = System.nanoTime();
    RenderedPrompt rendered = encoder.render(chatBody());
    shared.observer().took(PromptObserver.Stage.RENDER, System.nanoTime() - start);
    return rendered;
  }

  PromptKeys encode(ModelEncoder encoder, RenderedPrompt rendered) throws PromptException {
    long start = System.nanoTime();
    EncodedPrompt encoded = encoder.encode(rendered);
    shared.observer().took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
    return keys(encoded);
  }

  @Nullable PromptKeys encodeIfQuick(ModelEncoder encoder, RenderedPrompt rendered)
      throws PromptException {
    long start = System.nanoTime();
    EncodedPrompt encoded = encoder.encodeIfQuick(rendered);
    if (encoded == null) {
      return null;
    }
    shared.observer().took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
    return keys(encoded);
  }

  private PromptKeys keys(EncodedPrompt encoded) {
    long root = shared.keySpace().tokenRoot(model, request.cacheSalt());
    if (encoded.exactCount() < encoded.count() || !encoded.media().isEmpty()) {
      took(PromptMode.TEXT, "they hold media");
      int[] ids = TextPrompt.after(encoded, request);
      return PromptKeys.of(PromptMode.TEXT, root, ids, ids.length);
    }
    took(PromptMode.TOKENS, "");
    return PromptKeys.of(PromptMode.TOKENS, root, encoded.rawIds(), encoded.count());
  }

  /** What an engine answered. */
  PromptKeys engineTokens(int[] ids, String why) {
    took(PromptMode.ENGINE_TOKENS, why);
    long root = shared.keySpace().tokenRoot(model, request.cacheSalt());
    return PromptKeys.of(PromptMode.ENGINE_TOKENS, root, ids, ids.length);
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
    TextPrompt text = TextPrompt.of(request, model, shared.keySpace());
    shared.observer().took(PromptObserver.Stage.RENDER, System.nanoTime() - start);
    shared.textConversations().add(text.conversation());
    took(text.keys().mode(), why);
    return text.keys();
  }

  PromptKeys load(String why) {
    took(PromptMode.LOAD, why);
    return unknown();
  }

  PromptKeys unknown() {
    return PromptKeys.unknown(TextPrompt.estimate(request));
  }

  private void took(PromptMode mode, String why) {
    if (shared.encoders().knows(model)) {
      shared.modes().took(model, kind, mode, why);
    }
  }
}
