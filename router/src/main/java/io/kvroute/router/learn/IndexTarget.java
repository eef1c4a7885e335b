package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.FleetRouter;
import org.jspecify.annotations.Nullable;

/**
 * Enters one replica's events in the router's index, under the keys that requests get, and passes
 * the stream's state on to the replica's {@link ReplicaKnowledge}. Requests the index's writer once
 * per batch of events; blocks then go straight to the writer. {@link LateEventGate} drops events
 * before they come here if their subscription has ended. Thread-safe.
 */
final class IndexTarget implements EventTarget {

  private final FleetRouter router;
  private final KeySpace keySpace;
  private final KnowledgeCheck knowledge;
  private final ReplicaId replica;
  private final String model;
  private final ReplicaKnowledge state;

  /**
   * The target of one subscription.
   *
   * @param model the base model's name; adapters' events name the adapter
   */
  IndexTarget(
      FleetRouter router,
      KeySpace keySpace,
      KnowledgeCheck knowledge,
      ReplicaId replica,
      String model) {
    this.router = router;
    this.keySpace = keySpace;
    this.knowledge = knowledge;
    this.replica = replica;
    this.model = model;
    this.state = knowledge.of(replica);
  }

  @Override
  public @Nullable IndexWriter writer(int blockSize) {
    return router.eventHolder(replica, blockSize);
  }

  @Override
  public long root(@Nullable String lora, @Nullable String cacheSalt) {
    return keySpace.tokenRoot(lora == null ? model : lora, cacheSalt);
  }

  @Override
  public void forget() {
    router.clearEventView(replica);
  }

  @Override
  public void processChanged() {
    router.engineRestarted(replica);
    knowledge.restarted(replica);
  }

  @Override
  public void streamChanged(EventTrust trust, long batches) {
    state.streamChanged(trust, batches);
  }

  @Override
  public void unreachable() {
    state.unreachable();
  }
}
