package io.kvroute.tokenizer.chat;

import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Parses JSON into template values as Python's {@code json.loads} does: integers of any size,
 * {@code NaN} and {@code Infinity}, lone surrogates kept. Of several equal keys, the last value is
 * kept at the position of the first. Stateless.
 */
public final class JsonValues {

  private static final int MAX_DEPTH = 500;

  /** Python refuses to convert integers with more digits. */
  private static final int MAX_NUMBER_LENGTH = 4_300;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonValues() {}

  /** Parses a document in UTF-8 that holds one value. */
  public static Value parse(byte[] json) throws JsonException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return document(parser);
    } catch (JacksonException e) {
      return again(SurrogateEscapes.replaced(json), e);
    }
  }

  /** Parses a document that holds one value. */
  public static Value parse(String json) throws JsonException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return document(parser);
    } catch (JacksonException e) {
      return again(SurrogateEscapes.replaced(json), e);
    }
  }

  private static Value again(@Nullable String json, JacksonException refusal) throws JsonException {
    if (json == null) {
      throw exception(refusal);
    }
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      return document(parser);
    } catch (JacksonException e) {
      throw exception(refusal);
    }
  }

  private static JsonException exception(JacksonException refusal) {
    return new JsonException(
        refusal.getOriginalMessage(), refusal instanceof StreamConstraintsException);
  }

  private static Value document(JsonParser parser) throws JsonException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new JsonException("no JSON value (expected: exactly one)");
    }
    Value value = value(parser, token);
    if (parser.nextToken() != null) {
      throw new JsonException("more than one JSON value (expected: exactly one)");
    }
    return value;
  }

  private static Value value(JsonParser parser, JsonToken token) throws JsonException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Value.Str(parser.getString());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> real(parser);
      case VALUE_TRUE -> new Value.Bool(true);
      case VALUE_FALSE -> new Value.Bool(false);
      case VALUE_NULL -> Value.None.NONE;
      default -> throw new JsonException("unexpected " + token);
    };
  }

  private static Value object(JsonParser parser) throws JsonException {
    LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      entries.put(new Value.Str(name), value(parser, parser.nextToken()));
    }
    return new Value.Dict(entries);
  }

  private static Value array(JsonParser parser) throws JsonException {
    List<Value> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(parser, token));
    }
    return new Value.ListOf(items, false);
  }

  private static Value integer(JsonParser parser) {
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      BigInteger big = parser.getBigIntegerValue();
      return new Value.BigInt(big);
    }
    return new Value.Int(parser.getLongValue());
  }

  private static Value real(JsonParser parser) throws JsonException {
    if (parser.isNaN()) {
      return switch (parser.getString()) {
        case "NaN" -> new Value.Real(Double.NaN);
        case "Infinity" -> new Value.Real(Double.POSITIVE_INFINITY);
        case "-Infinity" -> new Value.Real(Double.NEGATIVE_INFINITY);
        default -> throw new JsonException(parser.getString() + " (expected: a number)");
      };
    }
    return new Value.Real(parser.getDoubleValue());
  }
}
