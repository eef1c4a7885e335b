package io.kvroute.router.probe;

import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.ServedModel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The answer to {@code /v1/models}.
 *
 * @param engine the kind of engine that {@code owned_by} shows, null if it shows none
 */
record ModelList(List<ServedModel> models, @Nullable EngineKind engine) {

  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * Reads an answer.
   *
   * @throws ProbeException if it is malformed or names no model
   */
  static ModelList read(byte[] body) {
    JsonNode data;
    try {
      data = MAPPER.readTree(body).path("data");
    } catch (JacksonException e) {
      throw new ProbeException("GET /v1/models: not JSON: " + e.getOriginalMessage(), true);
    }
    List<ServedModel> models = new ArrayList<>();
    EngineKind engine = null;
    for (JsonNode model : data) {
      String id = text(model, "id");
      if (id != null) {
        int length = model.path("max_model_len").asInt(0);
        models.add(new ServedModel(id, text(model, "root"), text(model, "parent"), length));
        engine = engine == null ? engineOf(text(model, "owned_by")) : engine;
      }
    }
    if (models.isEmpty()) {
      throw new ProbeException("GET /v1/models: no model (expected: at least one)", true);
    }
    return new ModelList(models, engine);
  }

  private static @Nullable EngineKind engineOf(@Nullable String owner) {
    if ("vllm".equals(owner)) {
      return EngineKind.VLLM;
    }
    return "tensorrt_llm".equals(owner) ? EngineKind.TRTLLM : null;
  }

  private static @Nullable String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isString() ? value.asString() : null;
  }
}
