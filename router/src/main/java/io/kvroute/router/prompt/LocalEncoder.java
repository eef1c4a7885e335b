package io.kvroute.router.prompt;

import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;

/** A model's own template and tokenizer. */
record LocalEncoder(PromptEncoder encoder) implements ModelEncoder {

  /** New text costs about 5 µs a token, and a token is about four characters. */
  private static final int SMALL_CHARS = 80;

  @Override
  public RenderedPrompt render(byte[] body) throws PromptException {
    return encoder.render(body);
  }

  @Override
  public EncodedPrompt encode(RenderedPrompt rendered) throws PromptException {
    return encoder.encode(rendered);
  }

  @Override
  public @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered) throws PromptException {
    boolean quick =
        switch (rendered) {
          case RenderedPrompt.Text text -> text.text().length() <= SMALL_CHARS;
          case RenderedPrompt.Ids ids -> true;
        };
    return quick ? encoder.encode(rendered) : null;
  }
}
