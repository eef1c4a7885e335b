package io.kvroute.router.prompt;

import io.kvroute.router.index.PromptKeys;
import io.kvroute.router.index.Rung;
import io.kvroute.router.openai.ApiRequest;
import io.kvroute.router.openai.Endpoint;
import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way down the ladder: what stands in the way of each rung, and the keys it gets
 * there. Confined to one thread at a time.
 */
final class Prompt {

  private static final Logger log = LoggerFactory.getLogger(Prompt.class);

  private final Ladder ladder;
  private final ApiRequest request;
  private final String model;
  private final PromptKind kind;

  Prompt(Ladder ladder, ApiRequest request, String model) {
    this.ladder = ladder;
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
    if (!ladder.textConversations().isEmpty()
        && ladder.textConversations().contains(TextPrompt.conversation(request))) {
      return "its conversation began that way";
    }
    return "";
  }

  /** Why its tokens cannot be computed here; empty if they can. */
  String obstacleToLocalTokens() {
    if (!ladder.agreement().trusts(model, kind, Rung.TOKENS)) {
      return "its tokens disagreed with the engine's";
    }
    ModelEncoder encoder = ladder.encoders().find(model);
    if (encoder == null) {
      String problem = ladder.encoders().problem(model);
      return problem == null ? "no replica serves it" : problem;
    }
    if (kind != PromptKind.COMPLETION && !encoder.obstacleToChat().isEmpty()) {
      return encoder.obstacleToChat();
    }
    return "";
  }

  /** Why no engine is asked for its tokens; empty if one may be. */
  String obstacleToEngineTokens() {
    return ladder.agreement().trusts(model, kind, Rung.ENGINE_TOKENS)
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
    took(Rung.TOKENS, "");
    return PromptKeys.of(
        Rung.TOKENS, ladder.keySpace().tokenRoot(model, request.cacheSalt()), ids, ids.length);
  }

  RenderedPrompt render(ModelEncoder encoder) throws PromptException {
    long start = System.nanoTime();
    RenderedPrompt rendered = encoder.render(chatBody());
    ladder.observer().took(PromptObserver.Stage.RENDER, System.nanoTime() - start);
    return rendered;
  }

  PromptKeys encode(ModelEncoder encoder, RenderedPrompt rendered) throws PromptException {
    long start = System.nanoTime();
    EncodedPrompt encoded = encoder.encode(rendered);
    ladder.observer().took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
    return keys(encoded);
  }

  @Nullable PromptKeys encodeIfQuick(ModelEncoder encoder, RenderedPrompt rendered)
      throws PromptException {
    long start = System.nanoTime();
    EncodedPrompt encoded = encoder.encodeIfQuick(rendered);
    if (encoded == null) {
      return null;
    }
    ladder.observer().took(PromptObserver.Stage.TOKENIZE, System.nanoTime() - start);
    return keys(encoded);
  }

  private PromptKeys keys(EncodedPrompt encoded) {
    long root = ladder.keySpace().tokenRoot(model, request.cacheSalt());
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
    long root = ladder.keySpace().tokenRoot(model, request.cacheSalt());
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
    TextPrompt text = TextPrompt.of(request, model, ladder.keySpace());
    ladder.observer().took(PromptObserver.Stage.RENDER, System.nanoTime() - start);
    ladder.textConversations().add(text.conversation());
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
    if (ladder.encoders().knows(model)) {
      ladder.modes().took(model, kind, rung, why);
    }
  }
}
