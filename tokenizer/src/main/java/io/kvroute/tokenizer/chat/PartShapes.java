package io.kvroute.tokenizer.chat;

import static io.kvroute.tokenizer.chat.Shape.BOOL;
import static io.kvroute.tokenizer.chat.Shape.STRING;
import static io.kvroute.tokenizer.chat.Shape.dictOf;
import static io.kvroute.tokenizer.chat.Shape.literal;
import static io.kvroute.tokenizer.chat.Shape.oneOf;
import static io.kvroute.tokenizer.chat.Shape.orNull;

import io.kvroute.tokenizer.jinja.values.Value;
import java.util.Set;

/**
 * The types of part that the content of a message may contain: those of OpenAI, and those that vLLM
 * adds (vLLM 0.33, {@code renderers/chat_utils/types.py}).
 */
final class PartShapes {

  private static final Shape TEXT =
      DictShape.empty().required("text", STRING).required("type", literal("text"));

  private static final Shape REFUSAL =
      DictShape.empty().required("refusal", STRING).required("type", literal("refusal"));

  private static final Shape IMAGE =
      DictShape.empty()
          .required(
              "image_url",
              DictShape.empty()
                  .required("url", STRING)
                  .optional("detail", literal("auto", "low", "high")))
          .required("type", literal("image_url"));

  private static final Shape INPUT_AUDIO =
      DictShape.empty()
          .required(
              "input_audio",
              DictShape.empty().required("data", STRING).required("format", literal("wav", "mp3")))
          .required("type", literal("input_audio"));

  private static final Shape FILE =
      DictShape.empty()
          .required(
              "file",
              DictShape.empty()
                  .optional("file_data", STRING)
                  .optional("file_id", STRING)
                  .optional("filename", STRING))
          .required("type", literal("file"));

  /** OpenAI's parts of a user message. */
  static final Shape OF_USER = oneOf(TEXT, IMAGE, INPUT_AUDIO, FILE);

  /** OpenAI's parts of an assistant message. */
  static final Shape OF_ASSISTANT = oneOf(TEXT, REFUSAL);

  /** OpenAI's parts of all other messages. */
  static final Shape OF_OTHERS = TEXT;

  private static final Shape UUID = orNull(STRING);

  private static final Shape NOTHING =
      value -> value == Value.None.NONE ? Shape.Match.plain(value) : null;

  private static final Shape EMBEDS = orNull(oneOf(STRING, dictOf(Shape.Match::plain)));

  /** Embeddings in place of text. */
  static final Shape PROMPT_EMBEDS =
      DictShape.empty().required("data", STRING).required("type", literal("prompt_embeds"));

  /** All of these, and vLLM's own. */
  static final Shape ANY =
      oneOf(
          TEXT,
          IMAGE,
          INPUT_AUDIO,
          FILE,
          byUrl("audio_url"),
          byUrl("video_url"),
          REFUSAL,
          DictShape.empty().optional("image_pil", NOTHING).optional("uuid", UUID),
          DictShape.empty().optional("image_url", orNull(STRING)).optional("uuid", UUID),
          embeds("image_embeds"),
          embeds("audio_embeds"),
          embeds("video_embeds").optional("audio_embeds", EMBEDS),
          PROMPT_EMBEDS,
          DictShape.empty().optional("audio_url", orNull(STRING)),
          DictShape.empty().optional("video_url", orNull(STRING)).optional("uuid", UUID),
          DictShape.empty().optional("name", STRING).optional("type", literal("tool_reference")),
          DictShape.empty()
              .required("thinking", STRING)
              .optional("closed", BOOL)
              .required("type", literal("thinking")),
          STRING);

  /** Keys that any part type declares. Other keys of a text part reach the template. */
  static final Set<String> KNOWN_KEYS =
      Set.of(
          "text",
          "type",
          "image_url",
          "input_audio",
          "file",
          "audio_url",
          "video_url",
          "refusal",
          "image_pil",
          "uuid",
          "image_embeds",
          "audio_embeds",
          "video_embeds",
          "data",
          "name",
          "thinking",
          "closed");

  private PartShapes() {}

  private static Shape byUrl(String type) {
    return DictShape.empty()
        .required(type, DictShape.empty().required("url", STRING))
        .required("type", literal(type));
  }

  private static DictShape embeds(String type) {
    return DictShape.empty()
        .optional(type, EMBEDS)
        .required("type", literal(type))
        .optional("uuid", UUID);
  }
}
