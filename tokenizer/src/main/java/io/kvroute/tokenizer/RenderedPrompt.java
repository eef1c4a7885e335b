package io.kvroute.tokenizer;

import java.util.List;

/** What an engine reads for a request: text to tokenize, or the ids that the request contains. */
public sealed interface RenderedPrompt {

  /** The API whose rules the request follows. */
  enum Kind {
    CHAT,
    COMPLETION
  }

  Kind kind();

  /**
   * Text to tokenize.
   *
   * @param addSpecialTokens whether the tokenizer adds the start and end tokens of the model
   * @param exactChars how many leading UTF-16 units are certainly those of the engine; all without
   *     media
   * @param media an identifier of each image, audio and video, in order
   */
  record Text(
      Kind kind, String text, boolean addSpecialTokens, int exactChars, List<MediaDigest> media)
      implements RenderedPrompt {

    /** Text without media. */
    public Text(Kind kind, String text, boolean addSpecialTokens) {
      this(kind, text, addSpecialTokens, text.length(), List.of());
    }
  }

  /** The ids of a completion request that contains ids instead of text. */
  final class Ids implements RenderedPrompt {

    private final int[] ids;

    Ids(int[] ids) {
      this.ids = ids;
    }

    @Override
    public Kind kind() {
      return Kind.COMPLETION;
    }

    /** The ids themselves, not a copy; do not change them. */
    public int[] raw() {
      return ids;
    }
  }
}
