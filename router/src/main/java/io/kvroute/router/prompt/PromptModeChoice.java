package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptMode;

/**
 * Decides by which mode a request's prompt is turned into keys: by locally computed tokens, else by
 * an engine's tokens, else by text. Each choice but the first says why the mode before it is not
 * available. The chosen job may still fall back: {@link LocalTokenKeysJob} to text, {@link
 * EngineTokenKeysJob} to text, {@link TextKeysJob} to load.
 *
 * <pre>
 *   the conversation's earlier turns were routed by text   Text
 *   local tokens are trusted, and an encoder is loaded     LocalTokens
 *   the engine's tokens are trusted                        EngineTokens
 *   neither is trusted                                     Text
 * </pre>
 */
sealed interface PromptModeChoice {

  /** Render and tokenize here. */
  record LocalTokens(ModelEncoder encoder) implements PromptModeChoice {}

  /** Ask an engine's {@code /tokenize}; {@code why} the tokens cannot be computed locally. */
  record EngineTokens(String why) implements PromptModeChoice {}

  /**
   * Use the request's text.
   *
   * @param why why no tokens are used
   */
  record Text(String why) implements PromptModeChoice {}

  /** The choice for one prompt; costs at most a pass over the conversation's first messages. */
  static PromptModeChoice of(Prompt prompt, PromptServices services) {
    if (prompt.continuesTextConversation()) {
      return new Text(
          "an earlier turn of the conversation was routed by text, and text keys match only text");
    }
    String obstacle = obstacleToLocalTokens(prompt, services);
    ModelEncoder encoder = obstacle.isEmpty() ? services.encoders().find(prompt.model()) : null;
    if (encoder != null) {
      return new LocalTokens(encoder);
    }
    return services.agreement().trusts(prompt.model(), prompt.kind(), PromptMode.ENGINE_TOKENS)
        ? new EngineTokens(obstacle)
        : new Text("the tokens of /tokenize differed from the engine's count of prompt tokens");
  }

  /** Why the tokens cannot be computed locally; empty if they can. */
  private static String obstacleToLocalTokens(Prompt prompt, PromptServices services) {
    String model = prompt.model();
    if (!services.agreement().trusts(model, prompt.kind(), PromptMode.TOKENS)) {
      return "the router's tokens differed from the engine's";
    }
    ModelEncoder encoder = services.encoders().find(model);
    if (encoder == null) {
      String problem = services.encoders().problem(model);
      return problem == null ? "no replica serves the model" : problem;
    }
    return prompt.kind() == PromptKind.COMPLETION ? "" : encoder.obstacleToChat();
  }
}
