package io.kvroute.tokenizer.jinja;

import io.kvroute.tokenizer.jinja.values.PythonNumbers;
import io.kvroute.tokenizer.jinja.values.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON documents as values, for tests. */
final class JsonValues {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private JsonValues() {}

  static JsonNode read(String json) {
    return MAPPER.readTree(json);
  }

  static Map<String, Value> variables(JsonNode object) {
    Map<String, Value> variables = new LinkedHashMap<>();
    object.properties().forEach(entry -> variables.put(entry.getKey(), of(entry.getValue())));
    return variables;
  }

  static Value of(JsonNode node) {
    if (node.isObject()) {
      LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
      node.properties().forEach(e -> entries.put(new Value.Str(e.getKey()), of(e.getValue())));
      return new Value.Dict(entries);
    }
    if (node.isArray()) {
      List<Value> items = new ArrayList<>();
      node.forEach(item -> items.add(of(item)));
      return new Value.ListOf(items, false);
    }
    if (node.isString()) {
      return new Value.Str(node.asString());
    }
    if (node.isIntegralNumber()) {
      return PythonNumbers.of(new BigInteger(node.asString()));
    }
    if (node.isNumber()) {
      return new Value.Real(node.doubleValue());
    }
    return node.isBoolean() ? Value.Bool.of(node.booleanValue()) : Value.None.NONE;
  }
}
