package io.kvroute.tokenizer;

import io.kvroute.tokenizer.PromptException.Stage;
import io.kvroute.tokenizer.chat.ChatException;
import io.kvroute.tokenizer.chat.ChatRenderer;
import io.kvroute.tokenizer.chat.JsonException;
import io.kvroute.tokenizer.chat.JsonValues;
import io.kvroute.tokenizer.chat.RenderedChat;
import io.kvroute.tokenizer.jinja.Value;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into the ids the engine computes for them. One for each model; safe for any number
 * of threads, which share its caches.
 */
public final class PromptEncoder {

  private static final Value.Str MESSAGES = new Value.Str("messages");

  /** Known text costs about 3 ns a character, new text at most 0.5 µs. */
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
   * @throws IOException if a file is missing or wrong; the message says which and what to do
   */
  public static PromptEncoder open(ModelFiles files, PromptEncoderOptions options)
      throws IOException {
    return ModelReader.read(files, options);
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
    return render(parse(json));
  }

  /** The same for a body that was read already, with {@link JsonValues}. */
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
   * The ids of what {@link #render} returned, if that surely takes less than about 100 µs: text
   * that was seen before, but for a few words, and not too much of it.
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
   * The ids that a generated text most probably consists of, without the end token that is not part
   * of it. A model may have written it with others; that their number is the same tells mostly.
   *
   * @return null where pieces of text cannot be tokenized by themselves, or not this one
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

  /** Whether this model's chat requests are read here as its engine reads them. */
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
      throw new PromptException(Stage.REQUEST, "the body is not a JSON object (expected: one)");
    } catch (JsonException e) {
      throw new PromptException(Stage.REQUEST, "the body is not JSON: " + e.getMessage());
    }
  }
}
