package io.kvroute.router.http;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The endpoints that the router answers itself: health, and the models of all replicas. */
final class LocalEndpoints {

  private final Fleet fleet;
  private final BooleanSupplier draining;

  LocalEndpoints(Fleet fleet, BooleanSupplier draining) {
    this.fleet = fleet;
    this.draining = draining;
  }

  /**
   * 200 while a replica is ready and the router is not shutting down, else 503. The body is empty,
   * as vLLM's is.
   */
  LocalResponse health() {
    boolean healthy = !draining.getAsBoolean() && fleet.snapshot().anyReady();
    return LocalResponse.empty(healthy ? 200 : 503, "");
  }

  /**
   * OpenAI's model list with vLLM's additional fields. Lists each model once, with the longest
   * context of the replicas that are up; if none of a model's replicas is, of all of them.
   */
  LocalResponse models() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    FleetSnapshot snapshot = fleet.snapshot();
    for (String model : snapshot.models()) {
      describe(withLongestContext(model, snapshot.serving(model)), data.addObject());
    }
    return LocalResponse.json(list.toString());
  }

  private static ServedModel withLongestContext(String model, List<ReplicaView> replicas) {
    List<ReplicaView> up = replicas.stream().filter(replica -> replica.ready(model)).toList();
    return (up.isEmpty() ? replicas : up)
        .stream()
            .flatMap(replica -> replica.facts().models().stream())
            .filter(served -> served.id().equals(model))
            .max(Comparator.comparingInt(ServedModel::maxModelLen))
            .orElseThrow();
  }

  private static void describe(ServedModel model, ObjectNode entry) {
    entry.put("id", model.id()).put("object", "model").put("created", 0);
    entry.put("owned_by", "kvroute").put("root", model.root()).put("parent", model.parent());
    if (model.maxModelLen() > 0) {
      entry.put("max_model_len", model.maxModelLen());
    }
  }
}
