package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.chat.ChatException.Stage;
import io.kvroute.tokenizer.jinja.ContentFormat;
import io.kvroute.tokenizer.jinja.values.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts the contents of a request's messages to the form that its template expects, one string
 * or a list of parts, and collects the media (vLLM 0.33, {@code parse_chat_message_content.py}).
 * Serves one request, in the order of its messages.
 */
final class ContentReader {

  private static final String BILLING_HEADER = "x-anthropic-billing-header";

  private final ContentFormat format;
  private final @Nullable String mediaMark;
  private final List<MediaPart> media = new ArrayList<>();

  /**
   * @param mediaMark the placeholder to insert for media; null to insert that of the engine
   */
  ContentReader(ContentFormat format, @Nullable String mediaMark) {
    this.format = format;
    this.mediaMark = mediaMark;
  }

  /** The media of all contents read so far. */
  List<MediaPart> media() {
    return media;
  }

  /** The content of a message, as the template sees it. */
  Value read(String role, MessageShapes.Valid message) throws ChatException {
    Value content = Dicts.present(message.fields(), "content");
    if (content instanceof Value.Str text) {
      return readText(role, text);
    }
    List<Value> parts = content instanceof Value.ListOf list ? list.items() : List.of();
    List<Value> read = new ArrayList<>(parts.size());
    int mediaBefore = media.size();
    Shape unchecked = message.partsChecked() ? null : MessageShapes.partsOf(role);
    for (Value part : parts) {
      Value valid = part;
      if (unchecked != null) {
        Shape.Match match = unchecked.match(part);
        if (match == null) {
          throw new ChatException(
              Stage.PARSE,
              "content of a " + role + " message: a part that this role does not allow");
        }
        valid = match.value();
      }
      Value result = readPart(role, valid);
      if (result != null) {
        read.add(result);
      }
    }
    return format == ContentFormat.OPENAI
        ? inListFormat(role, read)
        : new Value.Str(joined(read, media.size() - mediaBefore));
  }

  private Value readText(String role, Value.Str text) throws ChatException {
    Value part = role.equals("system") ? withoutBillingHeader(text) : text;
    if (format == ContentFormat.STRING) {
      return part == null ? new Value.Str("") : part;
    }
    return inListFormat(role, part instanceof Value.Str kept ? List.of(textPart(kept)) : List.of());
  }

  /** A part as the template sees it; null if the template does not see the part. */
  private @Nullable Value readPart(String role, Value part) throws ChatException {
    if (part instanceof Value.Str text) {
      Value.Str kept = role.equals("system") ? withoutBillingHeader(text) : text;
      return kept == null ? null : asText(kept, null);
    }
    if (!(part instanceof Value.Dict dict)) {
      throw unsupported("not an object");
    }
    boolean hasUuid = Dicts.present(dict, "uuid") != null;
    Value type = Dicts.present(dict, "type");
    if (type instanceof Value.Str name && !hasUuid) {
      String textKey = textKey(name.value());
      if (textKey != null) {
        return readTextPart(role, dict, name.value(), textKey);
      }
      if (name.value().equals("tool_reference")) {
        return toolReference(dict);
      }
    }
    MediaPart found = MediaPart.of(dict);
    if (found == null) {
      throw unsupported(type instanceof Value.Str name ? name.value() : "no type");
    }
    media.add(found);
    return mediaPart(found, dict);
  }

  private static @Nullable String textKey(String type) {
    return switch (type) {
      case "text", "input_text", "output_text" -> "text";
      case "refusal" -> "refusal";
      case "thinking" -> "thinking";
      default -> null;
    };
  }

  /** The engine passes on a text that is not a string, if the format allows it. */
  private @Nullable Value readTextPart(String role, Value.Dict part, String type, String key)
      throws ChatException {
    Value content = Dicts.present(part, key);
    if (content == null) {
      boolean skipped = type.equals("text") || type.equals("refusal");
      return skipped ? null : asText(Value.None.NONE, part);
    }
    if (content instanceof Value.Str text && role.equals("system") && type.equals("text")) {
      content = withoutBillingHeader(text);
    }
    return content == null ? null : asText(content, part);
  }

  /** In the string format, empty texts are dropped. */
  private @Nullable Value asText(Value text, Value.@Nullable Dict extrasFrom) throws ChatException {
    if (format == ContentFormat.STRING) {
      return joinable(text);
    }
    return extrasFrom == null ? textPart(text) : withExtras(textPart(text), extrasFrom);
  }

  /** The text to join with the others; null if the part is left out. */
  private static @Nullable Value joinable(Value text) throws ChatException {
    if (!Value.truth(text)) {
      return null;
    }
    if (!(text instanceof Value.Str)) {
      throw unsupported("text that is not a string");
    }
    return text;
  }

  private @Nullable Value toolReference(Value.Dict part) throws ChatException {
    Value name = Dicts.get(part, "name");
    Value reference = name == null ? Value.None.NONE : name;
    if (format == ContentFormat.STRING) {
      return joinable(reference);
    }
    return new Dicts.Builder()
        .put("type", new Value.Str("tool_reference"))
        .put("name", reference)
        .build();
  }

  private @Nullable Value mediaPart(MediaPart found, Value.Dict part) {
    if (format == ContentFormat.STRING) {
      return null;
    }
    if (mediaMark != null) {
      return textPart(new Value.Str(mediaMark));
    }
    return withExtras(
        new Dicts.Builder().put("type", new Value.Str(found.modality())).build(), part);
  }

  /** The texts of a tool message become one string; anything else stays a list. */
  private static Value inListFormat(String role, List<Value> parts) throws ChatException {
    if (!role.equals("tool") || !parts.stream().allMatch(ContentReader::isTextPart)) {
      return new Value.ListOf(parts, false);
    }
    List<String> texts = new ArrayList<>(parts.size());
    for (Value part : parts) {
      if (!(part instanceof Value.Dict dict)
          || !(Dicts.get(dict, "text") instanceof Value.Str text)) {
        throw unsupported("text that is not a string");
      }
      texts.add(text.value());
    }
    return new Value.Str(String.join("\n", texts));
  }

  private static boolean isTextPart(Value part) {
    return part instanceof Value.Dict dict && Dicts.isText(Dicts.get(dict, "type"), "text");
  }

  /** The engine puts the placeholders of the media of a message before its text. */
  private String joined(List<Value> texts, int mediaCount) {
    List<String> lines = new ArrayList<>(texts.size() + mediaCount);
    for (int i = 0; i < mediaCount; i++) {
      lines.add(mediaMark == null ? "\ufffc" : mediaMark);
    }
    List<String> rest = new ArrayList<>(texts.size());
    for (Value text : texts) {
      if (text instanceof Value.Str str) {
        rest.add(str.value());
      }
    }
    if (mediaCount > 0) {
      lines.add(String.join("\n", rest));
      return String.join("\n", lines);
    }
    return String.join("\n", rest);
  }

  private static Value.Dict textPart(Value text) {
    return new Dicts.Builder().put("type", new Value.Str("text")).put("text", text).build();
  }

  private static Value.Dict withExtras(Value.Dict part, Value.Dict from) {
    Dicts.Builder builder = new Dicts.Builder(part);
    for (Map.Entry<Value, Value> entry : from.entries().entrySet()) {
      if (entry.getKey() instanceof Value.Str key && !PartShapes.KNOWN_KEYS.contains(key.value())) {
        builder.put(key.value(), entry.getValue());
      }
    }
    return builder.build();
  }

  /** Drops the attribution line of Claude Code, as vLLM does; null if nothing remains. */
  private static Value.@Nullable Str withoutBillingHeader(Value.Str text) {
    if (!text.value().startsWith(BILLING_HEADER)) {
      return text;
    }
    int newline = text.value().indexOf('\n');
    String rest = newline < 0 ? "" : text.value().substring(newline + 1);
    return rest.isEmpty() ? null : new Value.Str(rest);
  }

  private static ChatException unsupported(String what) {
    return new ChatException(
        Stage.PARSE, "content part: " + what + " (expected: a text, image, audio or video part)");
  }
}
