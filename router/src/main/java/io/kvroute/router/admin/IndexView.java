package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.CachedPrefix;
import io.kvroute.router.openai.ApiErrors;
import io.kvroute.router.openai.ApiException;
import io.kvroute.router.route.ReplicaStats;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code GET /index?replica=ID&limit=N}: the replica's largest and most used chains of blocks.
 * Reveals no text: a chain is identified by the key of its last block.
 */
final class IndexView {

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 1_000;

  private final AdminServices services;

  IndexView(AdminServices services) {
    this.services = services;
  }

  AdminResponse show(AdminRequest request) throws ApiException {
    String id = request.parameter("replica", "");
    if (id.isEmpty()) {
      throw new ApiException(ApiErrors.missing("replica"));
    }
    ReplicaView view = ReplicaList.find(services.fleet().snapshot(), id);
    int limit = limit(request);
    ReplicaStats stats = services.router().stats(view.id());
    BlockIndex index = stats == null ? null : services.router().index(stats.cache().blockSize());
    int slot = stats == null ? 0 : stats.cache().indexSlot();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("replica", id);
    describe(index == null ? List.of() : index.largest(slot, limit), json.putArray("largest"));
    describe(index == null ? List.of() : index.hottest(slot, limit), json.putArray("hottest"));
    return AdminResponse.json(json);
  }

  private static int limit(AdminRequest request) throws ApiException {
    String text = request.parameter("limit", Integer.toString(DEFAULT_LIMIT));
    int limit = text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new ApiException(ApiErrors.wrongType("limit", text, "1 to " + MAX_LIMIT));
    }
    return limit;
  }

  private static void describe(List<CachedPrefix> chains, ArrayNode json) {
    for (CachedPrefix chain : chains) {
      json.addObject()
          .put("tail", Long.toHexString(chain.tailKey()))
          .put("blocks", chain.blocks())
          .put("whole", chain.whole())
          .put("holders", chain.holders())
          .put("uses", chain.uses());
    }
  }
}
