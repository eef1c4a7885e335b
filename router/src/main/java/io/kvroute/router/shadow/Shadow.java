package io.kvroute.router.shadow;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;

/**
 * Predicts the content of an engine's prefix cache where the engine does not report it. It models
 * vLLM's scheduler and block manager (vllm/v1/core, 0.23 to 0.33). Its input is the requests that
 * were routed to the engine and their answers; its output is the blocks in the engine's slot of the
 * index.
 *
 * <p>A request is <em>queued</em> first ({@link AdmissionQueue}): the index holds its prompt's
 * blocks at once, so that the next routing decision sees them, but they take no room. At its
 * estimated admission time, or at its first token if that comes earlier, it is <em>running</em>
 * ({@link RunningRequests}): it takes blocks from the {@link BlockPool}, and more as its answer
 * grows, which evicts the free blocks least recently used. When it ends, its blocks are free but
 * stay cached until they are reallocated. {@link UnkeyedAnswers} keeps answers whose ids are
 * unknown, {@link EvictionForecast} predicts what queued requests will evict, and {@link
 * IndexMirror} writes to the index. The cost of an event grows with the blocks of its own request,
 * not with the number of queued or running ones.
 *
 * <p>Example with 4 tokens a block: a prompt of 9 tokens is queued; the index holds its 2 full
 * blocks, no block is used. Admission uses 3 blocks, 2 of them with keys. An engine never computes
 * the last token that it generated. After 4 tokens of answer it has therefore computed 9 + 3 = 12
 * tokens: still 3 blocks, and the third is now full. The request ends: 3 blocks are free, and 2 of
 * them can be found by key. Once the answer's ids are known ({@link #learnAnswer}), the third can
 * be found too.
 *
 * <p>Times are nanoseconds of any clock that does not go backwards. Not thread-safe: the caller
 * holds a lock.
 */
public final class Shadow {

  /** Blocks assumed while the engine's number is unknown. */
  public static final int DEFAULT_BLOCKS = 4096;

  private final int blockSize;
  private final UnkeyedAnswers answers = new UnkeyedAnswers();
  private final IndexMirror mirror;
  private final EvictionForecast forecast;
  private final AdmissionQueue queue;
  private final RunningRequests running;
  private BlockPool pool;

  /**
   * A shadow of an engine that has just started.
   *
   * @param index the replica's slot of the index; no one else may write to it
   * @param numBlocks as the engine counts them, its null block included
   */
  public Shadow(IndexWriter index, int numBlocks, int blockSize) {
    this.blockSize = blockSize;
    PredictedBlocks predicted = new PredictedBlocks();
    this.mirror = new IndexMirror(index, answers, predicted);
    this.pool = new BlockPool(numBlocks, mirror);
    this.forecast = new EvictionForecast(pool, predicted);
    this.queue = new AdmissionQueue(pool, forecast, predicted, mirror);
    this.running = new RunningRequests(pool, queue, forecast, mirror);
  }

  /**
   * A request was routed to the engine.
   *
   * @param admissionNanos when the engine will probably admit it
   */
  public Sequence enqueue(PromptKeys prompt, long admissionNanos) {
    Sequence sequence = new Sequence(prompt, prompt.blocks(blockSize), admissionNanos);
    queue.add(sequence);
    return sequence;
  }

  /**
   * Predicts how many of the first {@code held} blocks of a prompt, all held now, will still be
   * cached when the engine admits the prompt after all requests that are queued now.
   */
  public int survivingBlocks(BlockKeys keys, int held) {
    return forecast.survivingBlocks(keys, held);
  }

  /** Admits queued requests in order, as long as their time has come and they fit. */
  public void advance(long nowNanos) {
    for (Sequence next = queue.nextToAdmit(nowNanos);
        next != null;
        next = queue.nextToAdmit(nowNanos)) {
      running.admit(next);
    }
    queue.predictAgain();
  }

  /** The request's first token arrived: the engine has admitted it and computed its prompt. */
  public void firstToken(Sequence sequence) {
    generated(sequence, Math.max(1, sequence.generated));
  }

  /**
   * The answer has grown.
   *
   * @param tokens tokens generated in all
   */
  public void generated(Sequence sequence, int tokens) {
    if (sequence.state == Sequence.State.ENDED) {
      return;
    }
    sequence.prefilled = true;
    if (sequence.state == Sequence.State.QUEUED) {
      sequence.findHits(pool);
      running.admit(sequence);
    }
    sequence.generated = Math.max(sequence.generated, tokens);
    running.grow(sequence);
  }

  /**
   * The answer is complete, and its ids are known.
   *
   * @param whole the prompt followed by the answer
   */
  public void finish(Sequence sequence, PromptKeys whole) {
    generated(sequence, whole.tokens() - sequence.prompt.tokens());
    finish(sequence, sequence.generated);
    learnAnswer(sequence, whole);
  }

  /**
   * The answer ended, perhaps cut off, and only its length is known. Blocks that it filled stay
   * without a key until the ids are known ({@link #learnAnswer}) or a later prompt brings them and
   * {@link #correct} confirms them.
   *
   * @param tokens tokens generated in all; 0 if it ended before the first
   */
  public void finish(Sequence sequence, int tokens) {
    if (tokens > 0) {
      generated(sequence, tokens);
    }
    if (!sequence.prefilled) {
      abandon(sequence);
    } else if (sequence.isRunning()) {
      int fullBlocks = Math.min(sequence.computedTokens() / blockSize, sequence.blockCount);
      answers.add(pool, sequence, fullBlocks);
      running.end(sequence);
    }
  }

  /**
   * The ids of an answer have become known after it ended: the blocks that it filled can be found
   * from now on, as far as they are still cached.
   *
   * @param whole the prompt followed by the answer
   */
  public void learnAnswer(Sequence sequence, PromptKeys whole) {
    if (answers.isKept(sequence)) {
      BlockKeys keys = whole.blocks(blockSize);
      mirror.store(keys, sequence.keys.count(), answers.learn(pool, sequence, keys));
    }
  }

  /**
   * The request failed, or its client left before the first token. Blocks that it may not have
   * computed do not count as cached, unless other requests use them.
   */
  public void abandon(Sequence sequence) {
    if (sequence.prefilled) {
      finish(sequence, sequence.generated);
      return;
    }
    if (sequence.state == Sequence.State.QUEUED) {
      queue.remove(sequence);
      mirror.endPredictions(sequence, pool);
    } else if (sequence.isRunning()) {
      running.endDuringPrefill(sequence);
    }
    sequence.state = Sequence.State.ENDED;
  }

  /**
   * The engine reported how many prompt tokens it found in its cache; must be called before the
   * request ends. If there are fewer than predicted, the engine has evicted blocks that the shadow
   * still holds. Then it has also evicted all blocks that were freed before them. If there are
   * more, the prompt repeats an answer whose ids were unknown.
   */
  public void correct(Sequence sequence, int cachedTokens) {
    int cached = Math.min(cachedTokens / blockSize, sequence.keys.count());
    if (sequence.preempted || !sequence.isRunning()) {
      return;
    }
    if (cached < sequence.hits) {
      pool.dropKeysFreedUpTo(sequence.hitFreedAt[cached]);
    } else if (cached > sequence.hits) {
      answers.confirm(pool, forecast, sequence, cached);
    }
  }

  /** The engine reported another number of blocks, its null block included. */
  public void resize(int numBlocks) {
    if (numBlocks == pool.capacity() + 1) {
      return;
    }
    BlockPool old = pool;
    pool = new BlockPool(numBlocks, mirror);
    int[] moved = old.moveTo(pool);
    forecast.reset(pool);
    running.resized(pool, moved);
    queue.resized(pool);
    answers.renumber(moved);
  }

  /** Blocks that requests use. */
  public int usedBlocks() {
    return pool.capacity() - pool.free();
  }

  /** Blocks that the engine can allocate: one less than it counts. */
  public int capacity() {
    return pool.capacity();
  }

  /** Blocks in the index: cached, or predicted to be computed by a queued request. */
  public int heldBlocks() {
    return mirror.blocks();
  }

  BlockPool pool() {
    return pool;
  }
}
