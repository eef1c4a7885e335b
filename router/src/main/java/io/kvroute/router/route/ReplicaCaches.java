package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Creates, replaces and removes the views of replicas' caches in the indexes, one index for each
 * block size. Guarded by the router's lock.
 */
final class ReplicaCaches {

  private final RouterOptions options;
  private final Runnable onBlockSizeChange;
  private final Map<Integer, BlockIndex> indexes = new HashMap<>();

  /**
   * Creates an empty set of indexes.
   *
   * @param onBlockSizeChange called after a replica's block size has changed
   */
  ReplicaCaches(RouterOptions options, Runnable onBlockSizeChange) {
    this.options = options;
    this.onBlockSizeChange = onBlockSizeChange;
  }

  /** The index of blocks of this size, null where no replica uses the size. */
  @Nullable BlockIndex index(int blockSize) {
    return indexes.get(blockSize);
  }

  /** The cache of a replica that joins. */
  CacheKnowledge create(ReplicaView view) {
    return new CacheKnowledge(shadow(view, blockSize(view)));
  }

  /** Removes a replica's blocks from the index. */
  void remove(RoutedReplica replica) {
    BlockIndex index = indexes.get(replica.blockSize());
    if (index != null) {
      index.open(ReplicaSlots.shadow(replica.slot)).close();
      index.open(ReplicaSlots.events(replica.slot)).close();
    }
  }

  /** Applies what the engine newly reported: a restart, another block size, another capacity. */
  void follow(RoutedReplica replica, ReplicaView view) {
    if (view.restarts() != replica.view.restarts()) {
      replica.cache.engineRestarted(shadow(view, replica.blockSize()));
    }
    if (!replica.cache.isBlockSizeFromEvents() && blockSize(view) != replica.blockSize()) {
      resizeBlocks(replica, view, blockSize(view), false);
    }
    replica.cache.resizeShadow(numBlocks(view));
  }

  /** Adds an event view, not trusted yet, unless there is one. */
  void startEvents(RoutedReplica replica) {
    if (!replica.cache.hasEvents()) {
      int slot = ReplicaSlots.events(replica.slot);
      replica.cache.startEvents(open(slot, replica.blockSize()));
      replica.refreshSpace();
    }
  }

  /** The holder of the event view; events report how large the blocks are. */
  @Nullable IndexWriter eventHolder(RoutedReplica replica, int blockSize) {
    startEvents(replica);
    if (replica.blockSize() != blockSize) {
      resizeBlocks(replica, replica.view, blockSize, true);
    }
    return replica.cache.eventHolder();
  }

  static void trustEvents(RoutedReplica replica, EventTrust trust) {
    replica.cache.trustEvents(trust);
    replica.refreshSpace();
  }

  static void clearEventView(RoutedReplica replica) {
    replica.cache.clearEventView();
    replica.refreshSpace();
  }

  void engineRestarted(RoutedReplica replica) {
    replica.cache.engineRestarted(shadow(replica.view, replica.blockSize()));
    replica.refreshSpace();
  }

  /** Drops the event view, and with it a block size that events reported. */
  void stopEvents(RoutedReplica replica) {
    if (!replica.cache.hasEvents()) {
      return;
    }
    open(ReplicaSlots.events(replica.slot), replica.blockSize()).close();
    replica.cache.stopEvents();
    if (blockSize(replica.view) != replica.blockSize()) {
      resizeBlocks(replica, replica.view, blockSize(replica.view), false);
    }
    replica.refreshSpace();
  }

  void resetShadow(RoutedReplica replica) {
    if (replica.cache.trust() != EventTrust.COMPLETE) {
      replica.cache.resetShadow(shadow(replica.view, replica.blockSize()));
      replica.refreshSpace();
    }
  }

  private void resizeBlocks(
      RoutedReplica replica, ReplicaView view, int blockSize, boolean fromEvents) {
    remove(replica);
    IndexWriter events =
        replica.cache.hasEvents() ? open(ReplicaSlots.events(replica.slot), blockSize) : null;
    replica.cache.resizeBlocks(shadow(view, blockSize), events, fromEvents);
    replica.refreshSpace();
    onBlockSizeChange.run();
  }

  private ShadowCache shadow(ReplicaView view, int blockSize) {
    IndexWriter holder = open(ReplicaSlots.shadow(view.replica().slot()), blockSize);
    return new ShadowCache(holder, numBlocks(view), blockSize);
  }

  private IndexWriter open(int indexSlot, int blockSize) {
    return indexes
        .computeIfAbsent(blockSize, size -> new BlockIndex(options.indexBytes()))
        .open(indexSlot);
  }

  private int blockSize(ReplicaView view) {
    int reported = view.facts().blockSize();
    return reported > 0 ? reported : options.blockSize();
  }

  private int numBlocks(ReplicaView view) {
    int reported = view.facts().numBlocks();
    return reported > 1 ? reported : options.blocks();
  }
}
