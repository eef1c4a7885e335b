package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.EngineKvEvent;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.learn.BlockHashes;
import io.kvroute.router.learn.EventTarget;
import io.kvroute.router.learn.EventView;
import io.kvroute.router.learn.KvEvent;
import io.kvroute.router.learn.StoredBlocks;
import io.kvroute.router.learn.Tier;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.FleetRouter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Applies one engine's KV events to the router at the end of the step that caused them. */
final class VirtualEventFeed {

  private final FleetRouter router;
  private final ReplicaId replica;
  private final EventView view;

  VirtualEventFeed(FleetRouter router, ReplicaId replica, long root) {
    this.router = router;
    this.replica = replica;
    this.view =
        new EventView(
            new EventTarget() {
              @Override
              public @Nullable IndexWriter writer(int blockSize) {
                return router.eventHolder(replica, blockSize);
              }

              @Override
              public long root(@Nullable String lora, @Nullable String cacheSalt) {
                return root;
              }

              @Override
              public void forget() {
                router.clearEventView(replica);
              }
            });
  }

  /** Called when the engine restarts with an empty cache. */
  void clear() {
    view.clear();
  }

  void apply(List<EngineKvEvent> events) {
    view.newBatch();
    for (EngineKvEvent event : events) {
      view.apply(toRouterEvent(event));
    }
    router.trustEvents(replica, EventTrust.COMPLETE);
  }

  private static KvEvent toRouterEvent(EngineKvEvent event) {
    return switch (event) {
      case EngineKvEvent.BlockStored stored ->
          new KvEvent.Stored(
              new StoredBlocks(
                  new BlockHashes(stored.hashes()),
                  stored.parentHash(),
                  new StoredBlocks.Tokens(stored.tokens()),
                  stored.blockSize(),
                  null,
                  null),
              Tier.GPU,
              0,
              null);
      case EngineKvEvent.BlockRemoved removed ->
          new KvEvent.Removed(new BlockHashes(removed.hash()), Tier.GPU, 0);
      case EngineKvEvent.AllBlocksCleared cleared -> new KvEvent.Cleared();
    };
  }
}
