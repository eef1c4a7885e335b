package io.kvroute.router.prompt;

import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;

/** Turns one model's requests into token ids, in two steps. Thread-safe. */
public interface ModelEncoder {

  /** The text that the engine tokenizes. */
  RenderedPrompt render(byte[] body) throws PromptException;

  /** The token ids of a result of {@link #render}. */
  EncodedPrompt encode(RenderedPrompt rendered) throws PromptException;

  /** The same if it certainly takes less than about 100 µs, else null. */
  @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered) throws PromptException;

  /** The most probable token ids of a generated text, or null if they are not known. */
  default int @Nullable [] generatedIds(String text) {
    return null;
  }

  /** The reason why the engine renders chat requests differently; empty if it does not. */
  default String obstacleToChat() {
    return "";
  }

  /** The code that tokenizes: {@code native}, {@code djl}, or {@code none} if it is unknown. */
  default String tokenizer() {
    return "none";
  }

  /** An encoder that uses the model's template and tokenizer. */
  static ModelEncoder of(PromptEncoder encoder) {
    return new LocalEncoder(encoder);
  }
}
