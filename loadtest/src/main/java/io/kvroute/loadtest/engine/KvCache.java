package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * Allocates blocks to sequences, finds the cached blocks that a sequence can reuse, and collects
 * the KV events. vLLM computes long prompts in chunks, one chunk per step. Other sequences can find
 * the full blocks of a chunk as soon as the step that computes it is scheduled. Source: vLLM 0.32,
 * v1/core/kv_cache_manager.py.
 */
final class KvCache {

  private final EngineBlockPool pool;
  private final int blockSize;
  private final EngineFlavor flavor;
  private final int maxModelTokens;
  private List<EngineKvEvent> events = new ArrayList<>();

  KvCache(EngineProfile profile) {
    this.blockSize = profile.blockSize();
    this.flavor = profile.flavor();
    this.maxModelTokens = profile.maxModelTokens();
    // The pool keeps one block for itself. TensorRT-LLM uses all, so it gets one more.
    int nullBlocks = flavor == EngineFlavor.VLLM ? 0 : 1;
    this.pool =
        new EngineBlockPool(
            profile.blocks() + nullBlocks,
            hash -> events.add(new EngineKvEvent.BlockRemoved(hash)));
  }

  int blockSize() {
    return blockSize;
  }

  EngineBlockPool pool() {
    return pool;
  }

  /** Returns the events since the last call, and forgets them. */
  List<EngineKvEvent> takeEvents() {
    if (events.isEmpty()) {
      return List.of();
    }
    List<EngineKvEvent> taken = events;
    events = new ArrayList<>();
    return taken;
  }

  /**
   * The sequence's leading blocks that are cached. The engine always computes the last token again,
   * because it needs that token's logits; so a prompt of exactly n blocks finds at most n - 1.
   */
  IntList findCached(EngineSequence sequence) {
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
   * Admits a waiting sequence: gives it the cached blocks and allocates blocks for its next tokens.
   *
   * @return false, with nothing changed, unless the whole sequence fits now
   */
  boolean admit(EngineSequence sequence, IntList found, int newTokens) {
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
   * Allocates the blocks that a sequence's next tokens need, and publishes the blocks they fill.
   *
   * @return false, with nothing changed, if too few blocks are free
   */
  boolean extend(EngineSequence sequence, int newTokens) {
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

  /** The number of blocks that a sequence holds when it reaches its token limit. */
  int blocksAtLimit(EngineSequence sequence) {
    EngineRequest request = sequence.request;
    long tokens = (long) request.prompt().length + request.maxTokens();
    return blocksFor((int) Math.min(tokens, maxModelTokens));
  }

  /** Called when the sequence's prompt is computed. */
  void prefilled(EngineSequence sequence) {
    if (flavor == EngineFlavor.TENSORRT_LLM) {
      publish(sequence, (sequence.request.prompt().length - 1) / blockSize);
    }
  }

  /** Lets other sequences find this sequence's blocks before {@code end}. */
  private void publish(EngineSequence sequence, int end) {
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

  private void stored(EngineSequence sequence, int from, int end) {
    if (from < end) {
      events.add(sequence.stored(from, end));
    }
  }

  /** Releases all blocks of a sequence. Their content stays cached until they are reused. */
  void release(EngineSequence sequence) {
    if (flavor == EngineFlavor.TENSORRT_LLM) {
      int computed = Math.min(sequence.computedTokens, sequence.tokenCount() - 1);
      publish(sequence, Math.min(computed / blockSize, sequence.blocks.size()));
    }
    pool.release(sequence.blocks);
    sequence.loseBlocks();
  }

  /** Drops all cached content. Returns false, and drops nothing, while a sequence holds blocks. */
  boolean reset() {
    if (!pool.reset()) {
      return false;
    }
    events.add(new EngineKvEvent.AllBlocksCleared());
    return true;
  }

  private int blocksFor(int tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }
}
