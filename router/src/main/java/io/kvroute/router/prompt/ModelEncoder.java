package io.kvroute.router.prompt;

import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;

/** One model's way from a request to ids, in its two steps. Safe for any number of threads. */
public interface ModelEncoder {

  /** The text the engine tokenizes. */
  RenderedPrompt render(byte[] body) throws PromptException;

  /** The ids of what {@link #render} returned. */
  EncodedPrompt encode(RenderedPrompt rendered) throws PromptException;

  /** The same if it surely takes less than about 100 µs; null if it may take longer. */
  @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered) throws PromptException;

  /** The ids that a generated text most probably consists of; null where that is not known. */
  default int @Nullable [] answerIds(String text) {
    return null;
  }

  /** Why the engine reads chat requests in another way; empty if it does not. */
  default String obstacleToChat() {
    return "";
  }

  /** Which code tokenizes: {@code native} or {@code djl}; {@code none} where it is not known. */
  default String tokenizer() {
    return "none";
  }

  /** A model whose template and tokenizer are known here. */
  static ModelEncoder of(PromptEncoder encoder) {
    return new LocalEncoder(encoder);
  }
}
