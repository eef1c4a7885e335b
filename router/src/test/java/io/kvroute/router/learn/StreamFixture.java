package io.kvroute.router.learn;

import io.kvroute.router.index.BlockIndex;
import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.KeySpace;
import io.kvroute.router.route.EventTrust;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A target for one replica's events, and an observer that counts. */
final class StreamFixture implements EventTarget, EventObserver {

  static final int BLOCK_SIZE = 32;

  final AtomicInteger applied = new AtomicInteger();
  final AtomicInteger gaps = new AtomicInteger();
  final AtomicInteger restarts = new AtomicInteger();
  final AtomicInteger malformed = new AtomicInteger();
  final AtomicInteger unreachable = new AtomicInteger();
  volatile EventTrust trust = EventTrust.NONE;
  volatile boolean silent;
  private final KeySpace space = new KeySpace(5);
  private final BlockIndex index = new BlockIndex(64 << 20);
  private final IndexWriter holder = index.open(0);

  /** A batch with one block whose ids are all {@code id} and whose engine hash is {@code id}. */
  static KvEvent.Batch storing(int id) {
    int[] ids = new int[BLOCK_SIZE];
    Arrays.fill(ids, id);
    StoredBlocks blocks =
        new StoredBlocks(
            new BlockHashes(id), null, new StoredBlocks.Tokens(ids), BLOCK_SIZE, null, null);
    return new KvEvent.Batch(0, List.of(new KvEvent.Stored(blocks, Tier.GPU, 0, null)), 0);
  }

  /** Whether the view holds the block whose ids are all {@code id}. */
  boolean holds(int id) {
    int[] ids = new int[BLOCK_SIZE + 1];
    Arrays.fill(ids, id);
    return matchedBlocks(ids) == 1;
  }

  int matchedBlocks(int[] ids) {
    int[] matched = new int[1];
    index.match(BlockKeys.fromRoot(root(null, null), ids, ids.length, BLOCK_SIZE), matched);
    return matched[0];
  }

  int blocks() {
    return holder.blocks();
  }

  @Override
  public IndexWriter writer(int blockSize) {
    return holder;
  }

  @Override
  public long root(@Nullable String lora, @Nullable String cacheSalt) {
    return space.tokenRoot("qwen3", cacheSalt);
  }

  @Override
  public void forget() {
    holder.clear();
  }

  @Override
  public void unreachable() {
    silent = true;
  }

  @Override
  public void streamChanged(EventTrust newTrust, long heard) {
    trust = newTrust;
    silent = false;
  }

  @Override
  public void applied(KvEvent event) {
    applied.incrementAndGet();
  }

  @Override
  public void gap() {
    gaps.incrementAndGet();
  }

  @Override
  public void restarted() {
    restarts.incrementAndGet();
  }

  @Override
  public void unreachable(String problem) {
    unreachable.incrementAndGet();
  }

  @Override
  public void malformed(String problem) {
    malformed.incrementAndGet();
  }
}
