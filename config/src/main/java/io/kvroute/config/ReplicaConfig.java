package io.kvroute.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One engine endpoint.
 *
 * @param engine null to detect it
 * @param kvEvents where the engine publishes its KV events, if it does
 * @param kvReplay where the engine replays missed KV events, if it does
 * @param weight its share of traffic under policies that split by weight; usually 1
 */
public record ReplicaConfig(
    URI url, @Nullable Engine engine, @Nullable URI kvEvents, @Nullable URI kvReplay, int weight) {

  static @Nullable ReplicaConfig read(Section in) {
    URI url = in.required("url", ValueTypes.REPLICA_URL);
    Engine engine = in.optional("engine", ValueTypes.choice(Engine.class));
    URI kvEvents = in.optional("kv-events", ValueTypes.ZMQ_ENDPOINT);
    URI kvReplay = in.optional("kv-replay", ValueTypes.ZMQ_ENDPOINT);
    int weight = in.value("weight", 1, ValueTypes.integer(1, 1000));
    if (kvReplay != null && kvEvents == null) {
      in.reject("kv-replay", kvReplay.toString(), "kv-events beside it");
    }
    return url == null ? null : new ReplicaConfig(url, engine, kvEvents, kvReplay, weight);
  }

  /** The short form {@code URL[,engine=...][,kv-events=...][,kv-replay=...][,weight=N]}. */
  static JsonNode fromText(String text) {
    String[] fields = text.split(",", -1);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("url", fields[0]);
    for (int i = 1; i < fields.length; i++) {
      int equals = fields[i].indexOf('=');
      String name = equals < 0 ? fields[i] : fields[i].substring(0, equals);
      String value = equals < 0 ? "" : fields[i].substring(equals + 1);
      Integer number = "weight".equals(name) ? Quantities.decimal(value) : null;
      if (number == null) {
        node.put(name, value);
      } else {
        node.put(name, number);
      }
    }
    return node;
  }
}
