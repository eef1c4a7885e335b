package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Builds the {@link CanonicalText} of one request body. One pass over the top level finds the
 * prompt's members; a second over each of them copies texts and computes digests. Not thread-safe;
 * one use each.
 */
final class CanonicalTextBuilder {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final byte[] TOOLS = name("tools");
  private static final byte[] SYSTEM = name("system");
  private static final byte[] INSTRUCTIONS = name("instructions");
  private static final byte[] MESSAGES = name("messages");
  private static final byte[] PROMPT = name("prompt");
  private static final byte[] INPUT = name("input");
  private static final byte[] ROLE = name("role");
  private static final byte[] CONTENT = name("content");
  private static final byte[] TOOL_CALLS = name("tool_calls");
  private static final byte[] TYPE = name("type");
  private static final byte[] TEXT = name("text");
  private static final byte[] BILLING_HEADER = name(MessagesConversion.BILLING_HEADER);

  /** Marks of a message, a part and a digest. Raw JSON never contains control characters. */
  private static final byte MESSAGE = 0x01;

  private static final byte PART = 0x02;
  private static final byte DIGEST = 0x03;

  private static final int ABSENT = -1;

  private final byte[] body;
  private final boolean headOnly;
  private byte[] text;
  private int length;
  private int headLength;

  /**
   * A builder for a body that has been scanned before.
   *
   * @param headOnly stops after the first user message
   */
  CanonicalTextBuilder(byte[] body, boolean headOnly) {
    this.body = body;
    this.headOnly = headOnly;
    this.text = new byte[headOnly ? 1024 : body.length + 16];
  }

  CanonicalText read() throws JsonSyntaxException {
    JsonCursor cursor = new JsonCursor(body);
    int tools = ABSENT;
    int system = ABSENT;
    int prompt = ABSENT;
    cursor.enterObject();
    while (cursor.nextMember()) {
      cursor.peek();
      if (cursor.keyIs(TOOLS)) {
        tools = cursor.position();
      } else if (cursor.keyIs(SYSTEM) || cursor.keyIs(INSTRUCTIONS)) {
        system = cursor.position();
      } else if (cursor.keyIs(MESSAGES) || cursor.keyIs(PROMPT) || cursor.keyIs(INPUT)) {
        prompt = cursor.position();
      }
      cursor.skip();
    }
    if (tools != ABSENT) {
      raw(at(tools));
    }
    if (system != ABSENT) {
      content(at(system));
    }
    if (prompt != ABSENT) {
      prompt(at(prompt));
    }
    return new CanonicalText(text, length, headLength);
  }

  /** A string, or a list of messages, strings or other values. */
  private void prompt(JsonCursor cursor) throws JsonSyntaxException {
    if (cursor.peek() != '[') {
      content(cursor);
      return;
    }
    cursor.enterArray();
    while (cursor.nextElement()) {
      if (cursor.peek() == '{') {
        message(cursor);
      } else {
        content(cursor);
      }
      if (headOnly && headLength > 0) {
        return;
      }
    }
  }

  private void message(JsonCursor cursor) throws JsonSyntaxException {
    int start = cursor.position();
    int role = ABSENT;
    int content = ABSENT;
    int toolCalls = ABSENT;
    cursor.enterObject();
    while (cursor.nextMember()) {
      cursor.peek();
      if (cursor.keyIs(ROLE)) {
        role = cursor.position();
      } else if (cursor.keyIs(CONTENT)) {
        content = cursor.position();
      } else if (cursor.keyIs(TOOL_CALLS)) {
        toolCalls = cursor.position();
      }
      cursor.skip();
    }
    put(MESSAGE);
    if (role == ABSENT) {
      raw(at(start));
      return;
    }
    content(at(role));
    if (content != ABSENT) {
      content(at(content));
    }
    if (toolCalls != ABSENT) {
      raw(at(toolCalls));
    }
    if (headLength == 0 && at(role).peek() == '"' && at(role).text().equals("user")) {
      headLength = length;
    }
  }

  /** A string, or a list of parts. */
  private void content(JsonCursor cursor) throws JsonSyntaxException {
    switch (cursor.peek()) {
      case '"' -> string(cursor);
      case '[' -> {
        cursor.enterArray();
        while (cursor.nextElement()) {
          part(cursor);
        }
      }
      default -> raw(cursor);
    }
  }

  private void part(JsonCursor cursor) throws JsonSyntaxException {
    if (cursor.peek() == '"') {
      string(cursor);
      return;
    }
    int start = cursor.position();
    int partText = ABSENT;
    if (cursor.peek() == '{') {
      partText = textOf(cursor);
    } else {
      cursor.skip();
    }
    if (partText != ABSENT) {
      int before = length;
      string(at(partText));
      if (startsWith(before + 1, BILLING_HEADER)) {
        length = before;
      }
      return;
    }
    long digest = PartDigest.of(body, start, cursor.position());
    put(DIGEST);
    reserve(Long.BYTES);
    LONGS.set(text, length, digest);
    length += Long.BYTES;
  }

  /** The position of a text part's text, or {@link #ABSENT} for another kind of part. */
  private static int textOf(JsonCursor cursor) throws JsonSyntaxException {
    int found = ABSENT;
    boolean typed = false;
    cursor.enterObject();
    while (cursor.nextMember()) {
      boolean string = cursor.peek() == '"';
      if (cursor.keyIs(TEXT) && string) {
        found = cursor.position();
      } else if (cursor.keyIs(TYPE) && string) {
        typed = true;
      }
      cursor.skip();
    }
    return typed ? found : ABSENT;
  }

  private boolean startsWith(int from, byte[] prefix) {
    return length - from >= prefix.length
        && Arrays.equals(text, from, from + prefix.length, prefix, 0, prefix.length);
  }

  private void string(JsonCursor cursor) throws JsonSyntaxException {
    put(PART);
    int start = cursor.position();
    cursor.skip();
    int room = cursor.position() - start;
    reserve(room);
    length = at(start).text(text, length);
  }

  private void raw(JsonCursor cursor) throws JsonSyntaxException {
    put(PART);
    cursor.peek();
    int start = cursor.position();
    cursor.skip();
    int size = cursor.position() - start;
    reserve(size);
    System.arraycopy(body, start, text, length, size);
    length += size;
  }

  private void put(byte mark) {
    reserve(1);
    text[length++] = mark;
  }

  private void reserve(int room) {
    if (text.length - length < room) {
      text = Arrays.copyOf(text, Math.max(length + room, text.length + text.length / 2));
    }
  }

  private JsonCursor at(int position) {
    return new JsonCursor(body, position, body.length);
  }

  private static byte[] name(String name) {
    return name.getBytes(US_ASCII);
  }
}
