package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes a JSON object whose members are mostly copied from another document. One use each. */
final class JsonObjectWriter {

  /** The position of one value in the source document. */
  record ValueRange(int from, int to) {

    /** The next value, which the cursor skips. */
    static ValueRange next(JsonCursor cursor) throws JsonSyntaxException {
      cursor.peek();
      int from = cursor.position();
      cursor.skip();
      return new ValueRange(from, cursor.position());
    }

    boolean equals(byte[] source, byte[] value) {
      return Arrays.equals(source, from, to, value, 0, value.length);
    }
  }

  private final byte[] source;
  private final ByteArrayOutputStream written;

  JsonObjectWriter(byte[] source, int expectedBytes) {
    this.source = source;
    this.written = new ByteArrayOutputStream(expectedBytes);
    written.write('{');
  }

  void member(String name, ValueRange value) {
    name(name);
    written.write(source, value.from(), value.to() - value.from());
  }

  /** Adds a member with the value {@code json}. */
  void member(String name, String json) {
    member(name, json.getBytes(UTF_8));
  }

  void member(String name, byte[] json) {
    name(name);
    written.write(json, 0, json.length);
  }

  private void name(String name) {
    if (written.size() > 1) {
      written.write(',');
    }
    byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(name);
    written.write('"');
    written.write(quoted, 0, quoted.length);
    written.write('"');
    written.write(':');
  }

  /** The complete object; nothing can be added afterwards. */
  byte[] object() {
    written.write('}');
    return written.toByteArray();
  }
}
