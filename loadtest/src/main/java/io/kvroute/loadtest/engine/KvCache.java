package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Gives sequences their blocks and finds what they can reuse (vLLM 0.32,
 * v1/core/kv_cache_manager.py). Full blocks become findable when the step that computes them is
 * scheduled, chunk by chunk.
 */
final class KvCache {

  private final BlockPool pool;
  private final int blockSize;
  private final EngineFlavor flavor;
  private final int maxModelTokens;
  private List<KvEvent> events = new ArrayList<>();

  KvCache(EngineProfile profile) {
    this.blockSize = profile.blockSize();
    this.flavor = profile.flavor();
    this.maxModelTokens = profile.maxModelTokens();
    int nullBlocks = flavor == EngineFlavor.VLLM ? 0 : 1; // the pool keeps one, these rules don't
    this.pool =
        new BlockPool(
            profile.blocks() + nullBlocks, hash -> events.add(new KvEvent.BlockRemoved(hash)));
  }

  int blockSize() {
    return blockSize;
  }

  BlockPool pool() {
    return pool;
  }

  /** The events since the last call. */
  List<KvEvent> takeEvents() {
    if (events.isEmpty()) {
      return List.of();
    }
    List<KvEvent> taken = events;
    events = new ArrayList<>();
    return taken;
  }

  /**
   * Leading blocks of the sequence that are cached. The last token is always computed again, for
   * its logits, so a prompt of exactly n blocks finds n - 1.
   */
  IntList findCached(Sequence sequence) {
    int limit = (sequence.tokenCount() - 1) / blockSize;
    IntList found = new IntList(limit);
    for (int i = 0; i < limit; i++) {
      int block = pool.find(sequence.hash(i));
      if (block < 0) {
        break;
      }
      found.add(block);
    }
    return found;
  }

  /**
   * Admits a waiting sequence with what was found for it, and with room for its next tokens.
   *
   * @return false, with nothing changed, unless the whole sequence would fit now
   */
  boolean admit(Sequence sequence, IntList found, int newTokens) {
    int unused = 0;
    for (int i = 0; i < found.size(); i++) {
      if (pool.references(found.get(i)) == 0) {
        unused++;
      }
    }
    if (blocksFor(sequence.tokenCount()) - found.size() + unused > pool.free()) {
      return false;
    }
    for (int i = 0; i < found.size(); i++) {
      pool.touch(found.get(i));
      sequence.blocks.add(found.get(i));
    }
    sequence.cachedBlocks = found.size();
    sequence.computedTokens = found.size() * blockSize;
    return extend(sequence, newTokens);
  }

  /**
   * Takes the blocks that a sequence's next tokens need, and makes those found that they fill.
   *
   * @return false, with nothing changed, where too few blocks are free
   */
  boolean extend(Sequence sequence, int newTokens) {
    int tokens = sequence.computedTokens + newTokens;
    int missing = blocksFor(tokens) - sequence.blocks.size();
    if (missing > pool.free()) {
      return false;
    }
    for (int i = 0; i < missing; i++) {
      sequence.blocks.add(pool.take());
    }
    if (flavor == EngineFlavor.VLLM) {
      publish(sequence, tokens / blockSize);
    }
    return true;
  }

  /** Blocks that a sequence holds when it reaches its limit. */
  int blocksAtLimit(Sequence sequence) {
    EngineRequest request = sequence.request;
    long tokens = (long) request.prompt().length + request.maxTokens();
    return blocksFor((int) Math.min(tokens, maxModelTokens));
  }

  /** The sequence's prompt is computed. */
  void prefilled(Sequence sequence) {
    if (flavor == EngineFlavor.TENSORRT_LLM) {
      publish(sequence, (sequence.request.prompt().length - 1) / blockSize);
    }
  }

  /** Makes a sequence's blocks findable up to a block. */
  private void publish(Sequence sequence, int end) {
    int from = sequence.cachedBlocks;
    for (int i = from; i < end; i++) {
      if (flavor == EngineFlavor.TENSORRT_LLM && pool.find(sequence.hash(i)) >= 0) {
        stored(sequence, from, i);
        from = i + 1;
      } else {
        pool.cache(sequence.blocks.get(i), sequence.hash(i));
      }
    }
    stored(sequence, from, end);
    sequence.cachedBlocks = Math.max(sequence.cachedBlocks, end);
  }

  private void stored(Sequence sequence, int from, int end) {
    if (from < end) {
      events.add(sequence.stored(from, end));
    }
  }

  /** Takes all blocks from a sequence; their content stays until they are taken. */
  void release(Sequence sequence) {
    if (flavor == EngineFlavor.TENSORRT_LLM) {
      int computed = Math.min(sequence.computedTokens, sequence.tokenCount() - 1);
      publish(sequence, Math.min(computed / blockSize, sequence.blocks.size()));
    }
    pool.release(sequence.blocks);
    sequence.lost();
  }

  /** Forgets all content, unless a sequence holds blocks; false then. */
  boolean reset() {
    if (!pool.reset()) {
      return false;
    }
    events.add(new KvEvent.AllBlocksCleared());
    return true;
  }

  private int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }
}
