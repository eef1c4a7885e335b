package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptException.Stage;
import io.kvroute.tokenizer.chat.JsonException;
import io.kvroute.tokenizer.chat.JsonValues;
import io.kvroute.tokenizer.jinja.Value;
import java.io.IOException;

/**
 * Turns requests into the ids the engine computes for them. One for each model; safe for any number
 * of threads, which share its caches.
 */
public final class PromptEncoder {

  private final Tokenizer tokenizer;

  private PromptEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Loads a model's tokenizer and chat template; takes up to a few seconds.
   *
   * @throws IOException if a file is missing or wrong; the message says which and what to do
   */
  public static PromptEncoder open(ModelFiles files, PromptEncoderOptions options)
      throws IOException {
    return new PromptEncoder(Tokenizer.open(files));
  }

  /**
   * The ids of a request's prompt: by the rules of {@code /v1/chat/completions} if it has messages,
   * else by those of {@code /v1/completions}, for the first prompt if it has several.
   *
   * @param json the request's body
   * @throws PromptException where the engine would refuse the request too
   */
  public EncodedPrompt encode(byte[] json) throws PromptException {
    return encode(render(json));
  }

  /** The text, or the ids, that the engine gets for a request; see {@link #encode(byte[])}. */
  public RenderedPrompt render(byte[] json) throws PromptException {
    Value.Dict request = parse(json);
    return CompletionPrompt.of(request);
  }

  /** The ids of what {@link #render} returned. */
  public EncodedPrompt encode(RenderedPrompt rendered) throws PromptException {
    int[] ids =
        switch (rendered) {
          case RenderedPrompt.Ids given -> given.raw();
          case RenderedPrompt.Text text -> tokenizer.encode(text.text(), text.addSpecialTokens());
        };
    return new EncodedPrompt(ids, ids.length);
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  private static Value.Dict parse(byte[] json) throws PromptException {
    try {
      if (JsonValues.parse(json) instanceof Value.Dict request) {
        return request;
      }
      throw new PromptException(Stage.REQUEST, "the body is not a JSON object (expected: one)");
    } catch (JsonException e) {
      throw new PromptException(Stage.REQUEST, "the body is not JSON: " + e.getMessage());
    }
  }
}
