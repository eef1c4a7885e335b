package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvroute.router.openai.Endpoint;
import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into the question to an engine's {@code /tokenize} whose answer is the request's
 * prompt (vLLM 0.9 to 0.33, {@code TokenizeChatRequest} and {@code TokenizeCompletionRequest}).
 *
 * <p>That endpoint knows neither {@code documents} nor {@code reasoning_effort}, so they are asked
 * as the template arguments that the chat endpoint makes of them. Values are copied as they were
 * written, and of several members of one name the last counts there as here.
 */
final class TokenizeQuestion {

  private static final Set<String> ASKED_OF_CHATS =
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

  private static final Set<String> ASKED_OF_COMPLETIONS = Set.of("model", "add_special_tokens");

  private static final byte[] CONTENT = "content".getBytes(US_ASCII);
  private static final byte[] TYPE = "type".getBytes(US_ASCII);
  private static final byte[] ENABLE_THINKING = "enable_thinking".getBytes(US_ASCII);
  private static final byte[] NONE = "\"none\"".getBytes(US_ASCII);

  private final byte[] body;
  private final JsonCopy question;

  private TokenizeQuestion(byte[] body) {
    this.body = body;
    this.question = new JsonCopy(body, body.length);
  }

  /**
   * A body for {@code /tokenize}.
   *
   * @return null where no answer would be the prompt: the prompt has media, which the engine would
   *     have to fetch, or the endpoint is not one that {@code /tokenize} stands for
   */
  static byte @Nullable [] of(Endpoint endpoint, byte[] body) {
    try {
      return switch (endpoint) {
        case CHAT_COMPLETIONS -> new TokenizeQuestion(body).chat();
        case COMPLETIONS -> new TokenizeQuestion(body).completion();
        default -> null;
      };
    } catch (JsonSyntaxException e) {
      return null;
    }
  }

  private byte @Nullable [] chat() throws JsonSyntaxException {
    JsonCopy.Piece kwargs = null;
    JsonCopy.Piece effort = null;
    JsonCopy.Piece documents = null;
    JsonCursor cursor = new JsonCursor(body);
    cursor.enterObject();
    while (cursor.nextMember()) {
      String name = cursor.keyText();
      JsonCopy.Piece value = JsonCopy.Piece.next(cursor);
      switch (name) {
        case "chat_template_kwargs" -> kwargs = value;
        case "reasoning_effort" -> effort = value;
        case "documents" -> documents = value;
        default -> {
          if (name.equals("messages") && hasMedia(at(value))) {
            return null;
          }
          if (ASKED_OF_CHATS.contains(name)) {
            question.member(name, value);
          }
        }
      }
    }
    question.member("chat_template_kwargs", arguments(kwargs, effort, documents));
    return question.object();
  }

  /** Later members override earlier ones, as the chat endpoint's own fields do. */
  private byte[] arguments(
      JsonCopy.@Nullable Piece kwargs,
      JsonCopy.@Nullable Piece effort,
      JsonCopy.@Nullable Piece documents)
      throws JsonSyntaxException {
    JsonCopy arguments = new JsonCopy(body, 64);
    boolean thinkingSet = false;
    if (kwargs != null && isSet(kwargs)) {
      JsonCursor cursor = at(kwargs);
      cursor.enterObject();
      while (cursor.nextMember()) {
        String name = cursor.keyText();
        thinkingSet |= cursor.keyIs(ENABLE_THINKING);
        arguments.member(name, JsonCopy.Piece.next(cursor));
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
    JsonCopy.Piece prompt = null;
    JsonCursor cursor = new JsonCursor(body);
    cursor.enterObject();
    while (cursor.nextMember()) {
      String name = cursor.keyText();
      JsonCopy.Piece value = JsonCopy.Piece.next(cursor);
      if (name.equals("prompt")) {
        prompt = firstText(value);
      } else if (ASKED_OF_COMPLETIONS.contains(name)) {
        question.member(name, value);
      }
    }
    if (prompt == null) {
      return null;
    }
    question.member("prompt", prompt);
    return question.object();
  }

  /** The prompt, or the first of a list of them; null where it is not text. */
  private JsonCopy.@Nullable Piece firstText(JsonCopy.Piece prompt) throws JsonSyntaxException {
    JsonCursor cursor = at(prompt);
    if (cursor.peek() == '[') {
      cursor.enterArray();
      if (!cursor.nextElement()) {
        return null;
      }
    }
    return cursor.peek() == '"' ? JsonCopy.Piece.next(cursor) : null;
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

  private boolean isSet(JsonCopy.Piece value) {
    return body[value.from()] != 'n';
  }

  private JsonCursor at(JsonCopy.Piece piece) {
    return new JsonCursor(body, piece.from(), piece.to());
  }
}
