package io.kvroute.router.learn;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.FleetRouter;
import org.jspecify.annotations.Nullable;

/**
 * Enters one replica's events in the router's index, under the keys that requests get, and passes
 * the stream's state on to the replica's {@link ReplicaKnowledge}. Blocks go straight to the
 * index's writer, which is asked for once for each batch. Thread-safe.
 */
final class IndexTarget implements EventTarget {

  private final FleetRouter router;
  private final KeySpace keySpace;
  private final KnowledgeCheck knowledge;
  private final ReplicaId replica;
  private final String model;
  private final ReplicaKnowledge state;

  /** Whether the subscription has ended: late events must not reach the next one's view. */
  private volatile boolean ended;

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

  ReplicaKnowledge state() {
    return state;
  }

  /** The subscription has ended: ignores what still arrives. */
  void end() {
    ended = true;
  }

  @Override
  public @Nullable IndexWriter writer(int blockSize) {
    return ended ? null : router.eventHolder(replica, blockSize);
  }

  @Override
  public long root(@Nullable String lora, @Nullable String cacheSalt) {
    return keySpace.tokenRoot(lora == null ? model : lora, cacheSalt);
  }

  @Override
  public void forget() {
    if (!ended) {
      router.clearEventView(replica);
    }
  }

  @Override
  public void processChanged() {
    if (!ended) {
      router.engineRestarted(replica);
      knowledge.restarted(replica);
    }
  }

  @Override
  public void streamChanged(EventTrust trust, long batches) {
    if (!ended) {
      state.streamChanged(trust, batches);
    }
  }

  @Override
  public void unreachable() {
    if (!ended) {
      state.unreachable();
    }
  }
}
