package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts a request to the body for an engine's {@code /tokenize} that returns the request's
 * prompt (vLLM 0.9 to 0.33, {@code TokenizeChatRequest} and {@code TokenizeCompletionRequest}).
 *
 * <p>{@code /tokenize} accepts neither {@code documents} nor {@code reasoning_effort}, so they are
 * sent as the template arguments into which the chat endpoint turns them. Values are copied as
 * written; of several members with one name the last counts there as here.
 */
final class TokenizeBody {

  private static final Set<String> CHAT_FIELDS =
      Set.of(
          "model",
          "messages",
          "tools",
          "add_generation_prompt",
          "continue_final_message",
          "add_special_tokens",
          "chat_template",
          "media_io_kwargs",
          "mm_processor_kwargs");

  private static final Set<String> COMPLETION_FIELDS = Set.of("model", "add_special_tokens");

  private static final byte[] CONTENT = "content".getBytes(US_ASCII);
  private static final byte[] TYPE = "type".getBytes(US_ASCII);
  private static final byte[] ENABLE_THINKING = "enable_thinking".getBytes(US_ASCII);
  private static final byte[] NONE = "\"none\"".getBytes(US_ASCII);

  private final byte[] body;
  private final JsonObjectWriter out;

  private TokenizeBody(byte[] body) {
    this.body = body;
    this.out = new JsonObjectWriter(body, body.length);
  }

  /**
   * The body for {@code /tokenize}.
   *
   * @return null if no result could be the prompt: the prompt contains media, which the engine
   *     would have to fetch, or {@code /tokenize} does not cover the endpoint
   */
  static byte @Nullable [] of(Endpoint endpoint, byte[] body) {
    try {
      return switch (endpoint) {
        case CHAT_COMPLETIONS -> new TokenizeBody(body).chat();
        case COMPLETIONS -> new TokenizeBody(body).completion();
        default -> null;
      };
    } catch (JsonSyntaxException e) {
      return null;
    }
  }

  private byte @Nullable [] chat() throws JsonSyntaxException {
    JsonObjectWriter.ValueRange kwargs = null;
    JsonObjectWriter.ValueRange effort = null;
    JsonObjectWriter.ValueRange documents = null;
    JsonCursor cursor = new JsonCursor(body);
    cursor.enterObject();
    while (cursor.nextMember()) {
      String name = cursor.keyText();
      JsonObjectWriter.ValueRange value = JsonObjectWriter.ValueRange.next(cursor);
      switch (name) {
        case "chat_template_kwargs" -> kwargs = value;
        case "reasoning_effort" -> effort = value;
        case "documents" -> documents = value;
        default -> {
          if (name.equals("messages") && hasMedia(at(value))) {
            return null;
          }
          if (CHAT_FIELDS.contains(name)) {
            out.member(name, value);
          }
        }
      }
    }
    out.member("chat_template_kwargs", arguments(kwargs, effort, documents));
    return out.object();
  }

  /**
   * Writes the template arguments. Later members override earlier ones, as the chat endpoint's own
   * fields do.
   */
  private byte[] arguments(
      JsonObjectWriter.@Nullable ValueRange kwargs,
      JsonObjectWriter.@Nullable ValueRange effort,
      JsonObjectWriter.@Nullable ValueRange documents)
      throws JsonSyntaxException {
    JsonObjectWriter arguments = new JsonObjectWriter(body, 64);
    boolean thinkingSet = false;
    if (kwargs != null && isSet(kwargs)) {
      JsonCursor cursor = at(kwargs);
      cursor.enterObject();
      while (cursor.nextMember()) {
        String name = cursor.keyText();
        thinkingSet |= cursor.keyIs(ENABLE_THINKING);
        arguments.member(name, JsonObjectWriter.ValueRange.next(cursor));
      }
    }
    if (documents != null && isSet(documents)) {
      arguments.member("documents", documents);
    }
    if (effort != null && isSet(effort)) {
      arguments.member("reasoning_effort", effort);
      if (!thinkingSet) {
        arguments.member("enable_thinking", effort.equals(body, NONE) ? "false" : "true");
      }
    }
    return arguments.object();
  }

  private byte @Nullable [] completion() throws JsonSyntaxException {
    JsonObjectWriter.ValueRange prompt = null;
    JsonCursor cursor = new JsonCursor(body);
    cursor.enterObject();
    while (cursor.nextMember()) {
      String name = cursor.keyText();
      JsonObjectWriter.ValueRange value = JsonObjectWriter.ValueRange.next(cursor);
      if (name.equals("prompt")) {
        prompt = firstText(value);
      } else if (COMPLETION_FIELDS.contains(name)) {
        out.member(name, value);
      }
    }
    if (prompt == null) {
      return null;
    }
    out.member("prompt", prompt);
    return out.object();
  }

  /** The prompt, or the first of a list of prompts; null if it is not text. */
  private JsonObjectWriter.@Nullable ValueRange firstText(JsonObjectWriter.ValueRange prompt)
      throws JsonSyntaxException {
    JsonCursor cursor = at(prompt);
    if (cursor.peek() == '[') {
      cursor.enterArray();
      if (!cursor.nextElement()) {
        return null;
      }
    }
    return cursor.peek() == '"' ? JsonObjectWriter.ValueRange.next(cursor) : null;
  }

  private static boolean hasMedia(JsonCursor cursor) throws JsonSyntaxException {
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.peek() != '{') {
        cursor.skip();
        continue;
      }
      cursor.enterObject();
      while (cursor.nextMember()) {
        if (!cursor.keyIs(CONTENT) || cursor.peek() != '[') {
          cursor.skip();
        } else if (hasMediaPart(cursor)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean hasMediaPart(JsonCursor cursor) throws JsonSyntaxException {
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.peek() != '{') {
        cursor.skip();
        continue;
      }
      boolean text = false;
      cursor.enterObject();
      while (cursor.nextMember()) {
        if (cursor.keyIs(TYPE) && cursor.peek() == '"') {
          String type = cursor.text();
          text = type.equals("text") || type.equals("refusal");
        } else {
          cursor.skip();
        }
      }
      if (!text) {
        return true;
      }
    }
    return false;
  }

  private boolean isSet(JsonObjectWriter.ValueRange value) {
    return body[value.from()] != 'n';
  }

  private JsonCursor at(JsonObjectWriter.ValueRange piece) {
    return new JsonCursor(body, piece.from(), piece.to());
  }
}
