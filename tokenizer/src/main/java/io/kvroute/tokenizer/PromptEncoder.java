package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptException.Stage;
import io.kvroute.tokenizer.chat.ChatException;
import io.kvroute.tokenizer.chat.ChatRenderer;
import io.kvroute.tokenizer.chat.JsonException;
import io.kvroute.tokenizer.chat.JsonValues;
import io.kvroute.tokenizer.chat.RenderedChat;
import io.kvroute.tokenizer.jinja.values.Value;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into the token ids that the engine computes for them. Each model has its own
 * encoder. Any number of threads may use an encoder; they share its caches.
 *
 * <p>Two steps: {@link #render} validates the request and renders the chat template as vLLM does,
 * and {@link #encode(RenderedPrompt)} tokenizes the text. Cost: about 3 ns per character of text
 * seen before, about 0.5 µs per character that the tokenizer has to encode. Example:
 *
 * <pre>{@code
 * {"messages": [{"role": "user", "content": "hi"}]}           the request
 * <|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n      rendered with Qwen3's template
 * 151644 872 198 6023 151645 198 151644 77091 198             its ids
 * }</pre>
 */
public final class PromptEncoder {

  private static final Value.Str MESSAGES = new Value.Str("messages");

  /** With these bounds encoding takes less than about 100 µs; see the costs above. */
  private static final int QUICK_CHARS = 30_000;

  private static final int QUICK_NEW_CHARS = 1000;

  private final Tokenizer tokenizer;
  private final ChatRenderer chat;
  private final Support support;

  PromptEncoder(Tokenizer tokenizer, ChatRenderer chat, Support support) {
    this.tokenizer = tokenizer;
    this.chat = chat;
    this.support = support;
  }

  /**
   * Loads a model's tokenizer and chat template; takes up to a few seconds.
   *
   * @throws IOException if a file is missing or invalid; the message says which, and what to do
   */
  public static PromptEncoder open(ModelFiles files, PromptEncoderOptions options)
      throws IOException {
    return ModelReader.read(files, options);
  }

  /**
   * The ids of a request's prompt. A request with {@code messages} is read as {@code
   * /v1/chat/completions}, any other as {@code /v1/completions}, of which the first prompt counts.
   *
   * @param json the request's body
   * @throws PromptException if the engine would refuse the request too
   */
  public EncodedPrompt encode(byte[] json) throws PromptException {
    return encode(render(json));
  }

  /** The text, or the ids, that the engine reads for a request; see {@link #encode(byte[])}. */
  public RenderedPrompt render(byte[] json) throws PromptException {
    return render(parse(json));
  }

  /** The same for a body that was parsed with {@link JsonValues}. */
  public RenderedPrompt render(Value.Dict request) throws PromptException {
    if (!request.entries().containsKey(MESSAGES)) {
      return CompletionPrompt.of(request);
    }
    try {
      RenderedChat rendered = chat.render(request);
      return new RenderedPrompt.Text(
          RenderedPrompt.Kind.CHAT,
          rendered.text(),
          rendered.addSpecialTokens(),
          rendered.exactChars(),
          rendered.mediaIdentities().stream().map(MediaDigest::of).toList());
    } catch (ChatException e) {
      Stage stage =
          switch (e.stage()) {
            case REQUEST -> Stage.REQUEST;
            case PARSE -> Stage.PARSE;
            case RENDER -> Stage.RENDER;
          };
      throw new PromptException(stage, String.valueOf(e.getMessage()));
    }
  }

  /** The ids of what {@link #render} returned. */
  public EncodedPrompt encode(RenderedPrompt rendered) throws PromptException {
    return switch (rendered) {
      case RenderedPrompt.Ids given -> new EncodedPrompt(given.raw(), given.raw().length);
      case RenderedPrompt.Text text ->
          withMedia(text, tokenizer.encodePrompt(text.text(), text.addSpecialTokens()));
    };
  }

  /**
   * The ids of what {@link #render} returned, if encoding certainly takes less than about 100 µs:
   * text that is not too long and was seen before except for a few words.
   *
   * @return null if it may take longer
   */
  public @Nullable EncodedPrompt encodeIfQuick(RenderedPrompt rendered) throws PromptException {
    return switch (rendered) {
      case RenderedPrompt.Ids given -> new EncodedPrompt(given.raw(), given.raw().length);
      case RenderedPrompt.Text text -> {
        if (!text.media().isEmpty() || text.text().length() > QUICK_CHARS) {
          yield null;
        }
        yield tokenizer.encodeIfMostlyKnown(text.text(), text.addSpecialTokens(), QUICK_NEW_CHARS);
      }
    };
  }

  /**
   * The ids that a generated text most probably consists of, without the end token, which is not
   * part of the text. The model may have produced the same text from other ids; comparing the
   * number of ids with the number of generated tokens reveals most such cases.
   *
   * @return null if this tokenizer cannot encode pieces on their own, or cannot encode this text
   */
  public int @Nullable [] answerIds(String text) {
    return tokenizer.encodeInside(text);
  }

  private EncodedPrompt withMedia(RenderedPrompt.Text text, EncodedPrompt encoded)
      throws PromptException {
    if (text.media().isEmpty()) {
      return encoded;
    }
    int exact = Math.min(tokenizer.stableIds(text.text(), text.exactChars()), encoded.count());
    return new EncodedPrompt(encoded.rawIds(), encoded.count(), exact, text.media());
  }

  /** Whether chat requests of this model are rendered here exactly as in its engine. */
  public Support support() {
    return support;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  private static Value.Dict parse(byte[] json) throws PromptException {
    try {
      if (JsonValues.parse(json) instanceof Value.Dict request) {
        return request;
      }
      throw new PromptException(Stage.REQUEST, "the body is not a JSON object");
    } catch (JsonException e) {
      throw new PromptException(Stage.REQUEST, "the body is not JSON: " + e.getMessage());
    }
  }
}
