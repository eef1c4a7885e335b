package io.kvroute.tokenizer;

import java.util.List;

/** What an engine tokenizes for a request, or the ids that a request brought. */
public sealed interface RenderedPrompt {

  /** Which API's rules a request follows. */
  enum Kind {
    CHAT,
    COMPLETION
  }

  Kind kind();

  /**
   * Text to tokenize.
   *
   * @param addSpecialTokens whether the tokenizer adds the model's start and end tokens
   * @param exactChars how many leading UTF-16 units are surely the engine's: all without media
   * @param media what identifies the images, audio and videos, in order
   */
  record Text(
      Kind kind, String text, boolean addSpecialTokens, int exactChars, List<MediaDigest> media)
      implements RenderedPrompt {

    /** Text without media. */
    public Text(Kind kind, String text, boolean addSpecialTokens) {
      this(kind, text, addSpecialTokens, text.length(), List.of());
    }
  }

  /** The ids of a completion request that brought them instead of text. */
  final class Ids implements RenderedPrompt {

    private final int[] ids;

    Ids(int[] ids) {
      this.ids = ids;
    }

    @Override
    public Kind kind() {
      return Kind.COMPLETION;
    }

    /** The ids themselves, not a copy; not to be changed. */
    public int[] raw() {
      return ids;
    }
  }
}
