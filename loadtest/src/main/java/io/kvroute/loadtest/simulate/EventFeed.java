package io.kvroute.loadtest.simulate;

import io.kvroute.loadtest.engine.KvEvent;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.learn.BlockHashes;
import io.kvroute.router.learn.EventTarget;
import io.kvroute.router.learn.EventView;
import io.kvroute.router.learn.StoredBlocks;
import io.kvroute.router.learn.Tier;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.FleetRouter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings one engine's KV events to the router at the end of the step that made them. */
final class EventFeed {

  private final FleetRouter router;
  private final ReplicaId replica;
  private final EventView view;

  EventFeed(FleetRouter router, ReplicaId replica, long root) {
    this.router = router;
    this.replica = replica;
    this.view =
        new EventView(
            new EventTarget() {
              @Override
              public @Nullable IndexWriter writer(int blockSize) {
                return router.toldBy(replica, blockSize);
              }

              @Override
              public long root(@Nullable String lora, @Nullable String cacheSalt) {
                return root;
              }

              @Override
              public void forget() {
                router.forgetTold(replica);
              }
            });
  }

  /** The engine has started anew, and has nothing. */
  void clear() {
    view.clear();
  }

  void tell(List<KvEvent> events) {
    view.newBatch();
    for (KvEvent event : events) {
      view.apply(asHeard(event));
    }
    router.believe(replica, EventTrust.COMPLETE);
  }

  private static io.kvroute.router.learn.KvEvent asHeard(KvEvent event) {
    return switch (event) {
      case KvEvent.BlockStored stored ->
          new io.kvroute.router.learn.KvEvent.Stored(
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
      case KvEvent.BlockRemoved removed ->
          new io.kvroute.router.learn.KvEvent.Removed(new BlockHashes(removed.hash()), Tier.GPU, 0);
      case KvEvent.AllBlocksCleared cleared -> new io.kvroute.router.learn.KvEvent.Cleared();
    };
  }
}
