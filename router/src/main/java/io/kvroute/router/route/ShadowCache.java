package io.kvroute.router.route;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.shadow.Shadow;
import org.jspecify.annotations.Nullable;

/**
 * A replica's cache as the {@link Shadow} of its block manager predicts it. The shadow takes
 * memory, so it is created for the first prompt whose content is known.
 */
final class ShadowCache implements ReplicaCache {

  private final IndexWriter holder;
  private final int blockSize;
  private int numBlocks;

  /** Null until the first prompt whose content is known. */
  private @Nullable Shadow shadow;

  ShadowCache(IndexWriter holder, int numBlocks, int blockSize) {
    this.holder = holder;
    this.numBlocks = numBlocks;
    this.blockSize = blockSize;
  }

  /**
   * Sets the size of the cache.
   *
   * @param newNumBlocks as the engine counts, its null block included
   */
  void resize(int newNumBlocks) {
    numBlocks = newNumBlocks;
    if (shadow != null) {
      shadow.resize(newNumBlocks);
    }
  }

  @Override
  public CacheUse expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    Shadow known = shadow;
    if (known == null) {
      if (prompt.mode() == PromptMode.LOAD) {
        return CacheUse.NONE;
      }
      known = new Shadow(holder, numBlocks, blockSize);
      shadow = known;
    }
    known.advance(nowNanos);
    return new ShadowUse(known, prompt, known.enqueue(prompt, admissionNanos));
  }

  @Override
  public int surviving(BlockKeys keys, int held) {
    return shadow == null ? held : shadow.survivingBlocks(keys, held);
  }

  @Override
  public void advance(long nowNanos) {
    if (shadow != null) {
      shadow.advance(nowNanos);
    }
  }

  @Override
  public int blockSize() {
    return blockSize;
  }

  @Override
  public int heldBlocks() {
    return holder.blocks();
  }

  @Override
  public int capacityBlocks() {
    return numBlocks - 1;
  }

  @Override
  public int usedBlocks() {
    return shadow == null ? 0 : shadow.usedBlocks();
  }
}
