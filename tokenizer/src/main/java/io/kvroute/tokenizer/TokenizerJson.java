package io.kvroute.tokenizer;

import io.kvroute.tokenizer.bpe.AddedToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A {@code tokenizer.json}: its text, and its structure without vocabulary and merges, which may
 * have millions of nodes.
 *
 * @param text the whole file
 * @param head the file without {@code model.vocab} and {@code model.merges}
 */
record TokenizerJson(String text, ObjectNode head) {

  /** The parser reads one part after another, so tokens that follow a part are not an error. */
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Reads the structure.
   *
   * @throws IOException if it is not JSON or not a tokenizer
   */
  static TokenizerJson parse(String text) throws IOException {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("tokenizer.json: not an object (expected: a Hugging Face tokenizer)");
      }
      return new TokenizerJson(text, withoutBulk(parser, true));
    } catch (JacksonException e) {
      throw new IOException("tokenizer.json: " + e.getOriginalMessage(), e);
    }
  }

  private static ObjectNode withoutBulk(JsonParser parser, boolean top) {
    ObjectNode node = JSON.createObjectNode();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      if (top && name.equals("model")) {
        node.set(name, withoutBulk(parser, false));
      } else if (!top && (name.equals("vocab") || name.equals("merges"))) {
        parser.skipChildren();
      } else {
        node.set(name, JSON.readTree(parser));
      }
    }
    return node;
  }

  JsonNode normalizer() {
    return head.path("normalizer");
  }

  JsonNode preTokenizer() {
    return head.path("pre_tokenizer");
  }

  JsonNode model() {
    return head.path("model");
  }

  List<AddedToken> addedTokens() {
    List<AddedToken> tokens = new ArrayList<>();
    for (JsonNode token : head.path("added_tokens")) {
      tokens.add(AddedToken.of(token));
    }
    return tokens;
  }

  /** A copy with other top-level parts, and with other fields inside {@code model}. */
  TokenizerJson with(Map<String, JsonNode> parts, Map<String, JsonNode> modelFields)
      throws IOException {
    StringWriter out = new StringWriter(text.length());
    try (JsonParser parser = JSON.createParser(text);
        JsonGenerator generator = JSON.createGenerator(out)) {
      parser.nextToken();
      copy(parser, generator, parts, modelFields);
    } catch (JacksonException e) {
      throw new IOException("tokenizer.json: " + e.getOriginalMessage(), e);
    }
    return parse(out.toString());
  }

  private static void copy(
      JsonParser parser,
      JsonGenerator generator,
      Map<String, JsonNode> replaced,
      @Nullable Map<String, JsonNode> modelFields) {
    generator.writeStartObject();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      if (replaced.containsKey(name)) {
        parser.skipChildren();
      } else if (modelFields != null && name.equals("model")) {
        generator.writeName(name);
        copy(parser, generator, modelFields, null);
      } else {
        generator.writeName(name);
        generator.copyCurrentStructure(parser);
      }
    }
    replaced.forEach(
        (name, value) -> {
          generator.writeName(name);
          JSON.writeTree(generator, value);
        });
    generator.writeEndObject();
  }
}
