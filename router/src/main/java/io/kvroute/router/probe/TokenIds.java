package io.kvroute.router.probe;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/** Reads the answer to {@code /tokenize}. */
final class TokenIds {

  private static final JsonMapper MAPPER = new JsonMapper();

  private TokenIds() {}

  /** The ids in the field {@code tokens}, null if the answer has none. */
  static int @Nullable [] read(byte[] body) {
    try (JsonParser parser = MAPPER.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean tokens = "tokens".equals(parser.currentName());
        if (parser.nextToken() == JsonToken.START_ARRAY && tokens) {
          return ids(parser);
        }
        parser.skipChildren();
      }
      return null;
    } catch (JacksonException e) {
      return null;
    }
  }

  private static int @Nullable [] ids(JsonParser parser) {
    int[] ids = new int[256];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || parser.getIntValue() < 0) {
        return null;
      }
      if (count == ids.length) {
        ids = Arrays.copyOf(ids, 2 * count);
      }
      ids[count++] = parser.getIntValue();
    }
    return count == 0 ? null : Arrays.copyOf(ids, count);
  }
}
