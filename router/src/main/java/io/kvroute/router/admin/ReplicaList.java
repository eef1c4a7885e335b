package io.kvroute.router.admin;

import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.learn.EventStatus;
import io.kvroute.router.learn.KnowledgeState;
import io.kvroute.router.openai.ApiError;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.route.Health;
import io.kvroute.router.route.ReplicaStats;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /replicas}: the state of each replica; and drains ({@code /replicas/ID/drain}). */
final class ReplicaList {

  private static final String PARTIAL =
      "some of its KV events were lost: what is known of its cache is correct but incomplete";
  private static final String SILENT =
      "its KV events are silent while requests fill blocks: a model predicts its cache";
  private static final String EVENTS_DISPUTED =
      "what its KV events say disagrees with the cache hits that it reports: a model predicts its cache";
  private static final String DISPUTED =
      "the number of cached tokens that it reports disagrees with the prediction, request after request";

  private static final String OUT =
      "it is out of rotation, one request at a time tries it, because its engine failed: ";

  private final AdminServices services;

  ReplicaList(AdminServices services) {
    this.services = services;
  }

  AdminResponse show() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode replicas = json.putArray("replicas");
    services.fleet().snapshot().replicas().forEach(view -> describe(view, replicas.addObject()));
    return AdminResponse.json(json);
  }

  /** Stops sending new requests to the replica; running ones finish. */
  AdminResponse drain(AdminRequest request) throws ApiException {
    ReplicaView view = find(services.fleet().snapshot(), request.parameter("id", ""));
    services.fleet().drain(view.id());
    return stateOf(view.id());
  }

  /** Undoes a drain: the replica receives requests as soon as it is up. */
  AdminResponse undrain(AdminRequest request) throws ApiException {
    ReplicaView view = find(services.fleet().snapshot(), request.parameter("id", ""));
    services.fleet().undrain(view.id());
    return stateOf(view.id());
  }

  private AdminResponse stateOf(ReplicaId id) throws ApiException {
    ReplicaView view = find(services.fleet().snapshot(), id.value());
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", id.value()).put("state", view.state().label());
    ReplicaStats stats = services.router().stats(view.id());
    json.put("inflight", stats == null ? 0 : stats.inflight());
    return AdminResponse.json(json);
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
    ReplicaStats found = services.router().stats(view.id());
    ReplicaStats stats = found == null ? ReplicaStats.NONE : found;
    boolean out = stats.health().state() == Health.State.OUT;
    json.put(
        "state",
        out && view.state() == ReplicaState.UP ? Health.State.OUT.label() : view.state().label());
    json.put("health", view.health().label()).put("drained", view.drained());
    describe(stats, json);
    ReplicaExperience experience = services.experience().apply(view.id());
    json.put("errors", experience.errors());
    if (experience.meanTtftSeconds() < 0) {
      json.putNull("ttft_seconds");
    } else {
      json.put("ttft_seconds", experience.meanTtftSeconds());
    }
    KnowledgeState state = services.knowledge().state().apply(view.id());
    json.put("knowledge_state", state.kind().label());
    json.put("knowledge_since", state.since().toString());
    EventStatus events = services.knowledge().events().apply(view.id());
    describe(events, json.putObject("events"));
    ObjectNode mode = json.putObject("mode");
    ObjectNode tokenizer = json.putObject("tokenizer");
    ArrayNode warnings = json.putArray("warnings");
    view.warnings().forEach(warnings::add);
    if (out) {
      warnings.add(OUT + stats.health().reason());
    }
    services.prompts().warnings(view.id()).forEach(warnings::add);
    switch (state.kind()) {
      case SILENT -> warnings.add(SILENT);
      case DISPUTED -> warnings.add(EVENTS_DISPUTED);
      case PARTIAL -> warnings.add(PARTIAL);
      case OFF, WAITING, COMPLETE -> {}
    }
    if (services.knowledge().disputed().test(view.id())) {
      warnings.add(DISPUTED);
    }
    for (ServedModel model : view.facts().models()) {
      mode.put(model.id(), services.prompts().mode(model.id()).label());
      tokenizer.put(model.id(), services.prompts().tokenizer(model.id()));
      services.prompts().warnings(model.id()).forEach(warnings::add);
    }
  }

  private static void describe(ReplicaStats known, ObjectNode json) {
    json.put("inflight", known.inflight());
    json.put("breaker", known.health().state() == Health.State.OUT ? "open" : "closed");
    json.put("queued_prefill_tokens", known.queuedPrefillTokens());
    json.put("blocks_held", known.cache().heldBlocks());
    json.put("block_capacity", known.cache().capacityBlocks());
    json.put("block_size", known.cache().blockSize());
    json.put("seconds_per_prefill_token", known.secondsPerPrefillToken());
    json.put("knowledge", known.cache().knowledge());
  }

  private static void describe(@Nullable EventStatus status, ObjectNode json) {
    json.put("state", status == null ? "off" : status.state().label());
    json.put("last_seq", status == null ? -1 : status.lastNumber());
    json.put("gaps", status == null ? 0 : status.gaps());
  }
}
