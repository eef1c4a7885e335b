package io.kvroute.router.prompt;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.kvroute.router.openai.JsonCursor;
import io.kvroute.router.openai.JsonSyntaxException;

/** Hashes a message part that is not text, such as an image or a tool result. */
final class PartDigest {

  private static final Hasher64 HASHER = Hashing.wyhashFinal4();
  private static final byte[] CACHE_CONTROL = "cache_control".getBytes(US_ASCII);

  private PartDigest() {}

  /** The hash of the value {@code body[from..to)}; ignores an object's {@code cache_control}. */
  static long of(byte[] body, int from, int to) throws JsonSyntaxException {
    JsonCursor cursor = new JsonCursor(body, from, body.length);
    if (cursor.peek() != '{') {
      return HASHER.hashBytesToLong(body, from, to - from);
    }
    HashStream64 digest = HASHER.hashStream();
    cursor.enterObject();
    while (cursor.nextMember()) {
      boolean counts = !cursor.keyIs(CACHE_CONTROL);
      if (counts) {
        digest.putString(cursor.keyText());
      }
      cursor.peek();
      int value = cursor.position();
      cursor.skip();
      if (counts) {
        digest.putInt(cursor.position() - value);
        digest.putBytes(body, value, cursor.position() - value);
      }
    }
    return digest.getAsLong();
  }
}
