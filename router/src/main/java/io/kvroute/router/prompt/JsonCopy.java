package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import tools.jackson.core.io.JsonStringEncoder;

/** Writes a JSON object whose members are, for the most part, pieces of another. One use each. */
final class JsonCopy {

  /** The bytes of one value. */
  record Piece(int from, int to) {

    /** The value that comes next, which is passed over. */
    static Piece next(JsonCursor cursor) throws JsonSyntaxException {
      cursor.peek();
      int from = cursor.position();
      cursor.skip();
      return new Piece(from, cursor.position());
    }

    boolean equals(byte[] source, byte[] value) {
      return Arrays.equals(source, from, to, value, 0, value.length);
    }
  }

  private final byte[] source;
  private final ByteArrayOutputStream written;

  JsonCopy(byte[] source, int expectedBytes) {
    this.source = source;
    this.written = new ByteArrayOutputStream(expectedBytes);
    written.write('{');
  }

  void member(String name, Piece value) {
    name(name);
    written.write(source, value.from(), value.to() - value.from());
  }

  /** A member whose value is written as {@code json}. */
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

  /** The whole object; nothing can be added after it. */
  byte[] object() {
    written.write('}');
    return written.toByteArray();
  }
}
