package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the token ids of a completion request whose prompt is ids instead of text. */
final class IdPrompt {

  private static final byte[] PROMPT = "prompt".getBytes(US_ASCII);

  private IdPrompt() {}

  /** The ids of the first prompt in {@code body}; null if it does not consist of ids. */
  static int @Nullable [] read(byte[] body) {
    try {
      JsonCursor cursor = new JsonCursor(body);
      int[] ids = null;
      cursor.enterObject();
      while (cursor.nextMember()) {
        if (cursor.keyIs(PROMPT) && cursor.peek() == '[') {
          ids = prompts(cursor);
        } else {
          cursor.skip();
        }
      }
      return ids;
    } catch (JsonSyntaxException e) {
      return null;
    }
  }

  private static int @Nullable [] prompts(JsonCursor cursor) throws JsonSyntaxException {
    cursor.enterArray();
    if (!cursor.nextElement()) {
      return null;
    }
    int first = cursor.peek();
    int[] ids = null;
    if (first == '[') {
      cursor.enterArray();
      ids = cursor.nextElement() ? numbers(cursor) : new int[0];
    } else if (first >= '0' && first <= '9') {
      return numbers(cursor);
    } else {
      cursor.skip();
    }
    while (cursor.nextElement()) {
      cursor.skip();
    }
    return ids;
  }

  /** The numbers of an array, from its first element, which comes next, to its end. */
  private static int @Nullable [] numbers(JsonCursor cursor) throws JsonSyntaxException {
    int[] ids = new int[64];
    int count = 0;
    boolean valid = true;
    do {
      int first = cursor.peek();
      if (first < '0' || first > '9') {
        cursor.skip();
        valid = false;
        continue;
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = cursor.number();
    } while (cursor.nextElement());
    return valid ? Arrays.copyOf(ids, count) : null;
  }
}
