package io.kvroute.router.admin;

import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.learn.EventStatus;
import io.kvroute.router.learn.KnowledgeState;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.route.ReplicaStats;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /replicas}: what is known of each replica; and {@code POST /replicas/ID/drain}. */
final class ReplicaList {

  private static final String PARTIAL =
      "some of its KV events could not be had: what is known of its cache is true, but not all";
  private static final String SILENT =
      "its KV events are silent: what is known of its cache is a model";
  private static final String EVENTS_DISPUTED =
      "its KV events disagree with what it reports: what is known of its cache is a model";
  private static final String DISPUTED =
      "what it reports of its cache disagrees with what is known of it, request after request";

  private final AdminPlane plane;

  ReplicaList(AdminPlane plane) {
    this.plane = plane;
  }

  AdminAnswer show() {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode replicas = answer.putArray("replicas");
    plane.fleet().snapshot().replicas().forEach(view -> describe(view, replicas.addObject()));
    return AdminAnswer.json(answer);
  }

  /** From now on the replica gets nothing new; what runs there runs on. */
  AdminAnswer drain(AdminRequest request) throws ApiException {
    ReplicaView view = find(plane.fleet().snapshot(), request.parameter("id", ""));
    plane.fleet().drain(view.id());
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("id", view.id().value()).put("state", "draining");
    ReplicaStats stats = plane.router().stats(view.id());
    answer.put("inflight", stats == null ? 0 : stats.inflight());
    return AdminAnswer.json(answer);
  }

  static ReplicaView find(FleetSnapshot fleet, String id) throws ApiException {
    ReplicaView view = fleet.replica(new ReplicaId(id));
    if (view == null) {
      throw new ApiException(
          new ApiError(
              404,
              "There is no replica `" + id + "` (expected: an id that GET /replicas shows).",
              "NotFoundError",
              "replica"));
    }
    return view;
  }

  private void describe(ReplicaView view, ObjectNode json) {
    json.put("id", view.id().value()).put("url", view.replica().url().toString());
    json.put("engine", view.facts().engine().label());
    ArrayNode models = json.putArray("models");
    view.facts().models().forEach(model -> models.add(model.id()));
    json.put("state", view.state().label());
    describe(plane.router().stats(view.id()), json);
    KnowledgeState knowledge = plane.knowledge().apply(view.id());
    json.put("knowledge_state", knowledge.kind().label());
    json.put("knowledge_since", knowledge.since().toString());
    EventStatus events = plane.events().apply(view.id());
    describe(events, json.putObject("events"));
    ObjectNode mode = json.putObject("mode");
    ObjectNode tokenizer = json.putObject("tokenizer");
    ArrayNode warnings = json.putArray("warnings");
    view.warnings().forEach(warnings::add);
    plane.prompts().warnings(view.id()).forEach(warnings::add);
    switch (knowledge.kind()) {
      case SILENT -> warnings.add(SILENT);
      case DISPUTED -> warnings.add(EVENTS_DISPUTED);
      case PARTIAL -> warnings.add(PARTIAL);
      case OFF, WAITING, COMPLETE -> {}
    }
    if (plane.disputed().test(view.id())) {
      warnings.add(DISPUTED);
    }
    for (ServedModel model : view.facts().models()) {
      mode.put(model.id(), plane.prompts().mode(model.id()).label());
      tokenizer.put(model.id(), plane.prompts().tokenizer(model.id()));
      plane.prompts().warnings(model.id()).forEach(warnings::add);
    }
  }

  private static void describe(@Nullable ReplicaStats stats, ObjectNode json) {
    ReplicaStats known = stats == null ? new ReplicaStats(0, 0, 0, 0, 0, 0, "none", 0) : stats;
    json.put("inflight", known.inflight());
    json.put("queued_prefill_tokens", known.queuedPrefillTokens());
    json.put("blocks_held", known.blocksHeld());
    json.put("block_capacity", known.blockCapacity());
    json.put("block_size", known.blockSize());
    json.put("seconds_per_prefill_token", known.secondsPerPrefillToken());
    json.put("knowledge", known.knowledge());
  }

  private static void describe(@Nullable EventStatus status, ObjectNode json) {
    json.put("state", status == null ? "off" : status.state().label());
    json.put("last_seq", status == null ? -1 : status.lastNumber());
    json.put("gaps", status == null ? 0 : status.gaps());
  }
}
