package io.kvroute.router.prompt;

import io.kvroute.tokenizer.EncodedPrompt;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptException;
import io.kvroute.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;

/** Encodes requests with the model's own chat template and tokenizer. */
record LocalEncoder(PromptEncoder encoder) implements ModelEncoder {

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
    return encoder.encodeIfQuick(rendered);
  }

  @Override
  public int @Nullable [] generatedIds(String text) {
    return encoder.answerIds(text);
  }

  @Override
  public String obstacleToChat() {
    return encoder.support().chatIsExact() ? "" : encoder.support().reason();
  }

  @Override
  public String tokenizer() {
    return encoder.tokenizer().implementation().label();
  }
}
