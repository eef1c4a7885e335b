package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import org.jspecify.annotations.Nullable;

/**
 * An image, audio or video in the parts of a message.
 *
 * @param modality the type of the part as the template sees it
 * @param identity identifies the content: the uuid given by the client, else the data or its
 *     address
 */
record MediaPart(String modality, String identity) {

  /** The media of a part; null if vLLM does not know the part as media. */
  static @Nullable MediaPart of(Value.Dict part) {
    if (Dicts.present(part, "type") instanceof Value.Str type) {
      MediaPart media = ofType(type.value(), part);
      return media == null || Dicts.present(part, "uuid") == null ? media : ofKeys(part);
    }
    return ofKeys(part);
  }

  private static @Nullable MediaPart ofType(String type, Value.Dict part) {
    return switch (type) {
      case "image_url", "input_image", "image_pil", "image_embeds" -> of("image", part, type);
      case "audio_url", "input_audio", "audio_embeds" -> of("audio", part, type);
      case "video_url", "video_embeds" -> of("video", part, type);
      case "prompt_embeds" -> of("prompt_embeds", part, "data");
      default -> null;
    };
  }

  private static @Nullable MediaPart ofKeys(Value.Dict part) {
    for (String key :
        new String[] {
          "image_url",
          "image_pil",
          "image_embeds",
          "audio_embeds",
          "video_embeds",
          "audio_url",
          "input_audio",
          "video_url"
        }) {
      if (Dicts.get(part, key) != null) {
        return ofType(key, part);
      }
    }
    return null;
  }

  private static MediaPart of(String modality, Value.Dict part, String key) {
    if (Dicts.present(part, "uuid") instanceof Value.Str uuid) {
      return new MediaPart(modality, "uuid:" + uuid.value());
    }
    Value content = Dicts.get(part, key.equals("input_image") ? "image_url" : key);
    if (content instanceof Value.Dict nested) {
      Value inner = Dicts.present(nested, "url");
      content = inner == null ? Dicts.present(nested, "data") : inner;
      if (content == null) {
        content = nested;
      }
    }
    return new MediaPart(
        modality, content instanceof Value.Str text ? text.value() : String.valueOf(content));
  }
}
