package io.kvroute.router.shadow;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * What an engine that does not tell holds in its cache: a model of vLLM's block manager, driven by
 * what was routed to the engine and what came back, which keeps the engine's view in the index up
 * to date.
 *
 * <p>A request is <em>expected</em> first: its prompt's blocks show in the index at once, so that
 * the next request sees them, but take no room. At its estimated admission, or at its first token
 * if that comes earlier, it is <em>pinned</em>: it takes blocks, and more as its answer grows, and
 * thus evicts what has been free for longest. When it ends its blocks are <em>free</em>, its last
 * first, and stay in the cache until taken. Times are nanoseconds of any clock that does not go
 * backwards.
 *
 * <p>Not thread-safe: whoever drives it holds a lock.
 */
public final class Shadow {

  /** Blocks assumed while an engine has not told its number. */
  public static final int DEFAULT_BLOCKS = 4096;

  private final int blockSize;
  private final Answers answers = new Answers();
  private final Promises promises = new Promises();
  private final View view;
  private final Deque<Sequence> expected = new ArrayDeque<>();
  private final List<Sequence> running = new ArrayList<>();
  private BlockPool pool;
  private EvictionForecast outlook;
  private boolean roomChanged;

  /**
   * A shadow of an engine that has just started.
   *
   * @param holder the replica's hand on the index; nobody else predicts through it
   * @param numBlocks as the engine counts them, its null block included
   */
  public Shadow(IndexWriter holder, int numBlocks, int blockSize) {
    this.blockSize = blockSize;
    this.view = new View(holder, answers, promises);
    this.pool = new BlockPool(numBlocks, view);
    this.outlook = new EvictionForecast(pool, promises, running, expected);
  }

  /**
   * A request was routed to the engine.
   *
   * @param admissionNanos when the engine will probably admit it
   */
  public Sequence expect(PromptKeys prompt, long admissionNanos) {
    BlockKeys keys = prompt.blocks(blockSize);
    Sequence sequence = new Sequence(prompt, keys, admissionNanos);
    await(sequence);
    return sequence;
  }

  /**
   * Of the first {@code held} blocks of a prompt, all held now, how many will still be there when
   * the engine admits it, after those expected already.
   */
  public int lasting(BlockKeys keys, int held) {
    return outlook.lasting(keys, held);
  }

  /** Admits those whose time has come and for whom there is room, in their order. */
  public void advance(long nowNanos) {
    for (Sequence first = expected.peekFirst();
        first != null && first.admissionNanos - nowNanos <= 0 && first.refusedAt != pool.freed();
        first = expected.peekFirst()) {
      findHits(first);
      if (!fits(first)) {
        first.refusedAt = pool.freed();
        break;
      }
      admit(first);
    }
    if (roomChanged && !expected.isEmpty() && outlook.isShort()) {
      planAnew();
    }
    roomChanged = false;
  }

  /** The request's first token came: it is surely admitted, and its prompt computed. */
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
    if (sequence.state == Sequence.State.EXPECTED) {
      findHits(sequence);
      admit(sequence);
    }
    sequence.generated = Math.max(sequence.generated, tokens);
    grow(sequence);
  }

  /**
   * The answer came whole, and its ids are known.
   *
   * @param whole the prompt followed by the answer
   */
  public void finish(Sequence sequence, PromptKeys whole) {
    generated(sequence, whole.tokens() - sequence.prompt.tokens());
    finish(sequence, sequence.generated);
    learn(sequence, whole);
  }

  /**
   * The answer ended, also if it was cut off, and only its length is known. Blocks it filled are
   * kept without a name until a later prompt brings their ids and {@link #correct} confirms them.
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
      answers.add(pool, sequence, Math.min(sequence.computed() / blockSize, sequence.count));
      end(sequence);
    }
  }

  /**
   * The ids of an answer have become known after it ended: the blocks that it filled can be found
   * from now on, as far as they are still there.
   *
   * @param whole the prompt followed by the answer
   */
  public void learn(Sequence sequence, PromptKeys whole) {
    Answers.Answer answer = answers.takeOf(sequence);
    if (answer == null) {
      return;
    }
    BlockKeys keys = whole.blocks(blockSize);
    int from = sequence.keys.count();
    int to = Math.min(keys.count(), answer.end());
    for (int i = from; i < to; i++) {
      pool.name(answer.block(i), keys.key(i));
    }
    view.show(keys, from, to);
  }

  /**
   * The request failed, or was left before its first token: what it may not have computed is not
   * believed, except where other requests build on it.
   */
  public void abandon(Sequence sequence) {
    if (sequence.prefilled) {
      finish(sequence, sequence.generated);
      return;
    }
    if (sequence.state == Sequence.State.EXPECTED) {
      leaveQueue(sequence);
      takePromisesBack(sequence);
    } else if (sequence.isRunning()) {
      for (int i = sequence.hits; i < sequence.count; i++) {
        if (!pool.isShared(sequence.blocks[i])) {
          pool.forget(sequence.blocks[i]);
        }
      }
      end(sequence);
    }
    sequence.state = Sequence.State.ENDED;
  }

  /**
   * The engine told how many prompt tokens it found in its cache; to be called before the request
   * ends. Where they are fewer than here, blocks were taken that this model thinks still cached,
   * and so were, then, all that had been free for longer. Where they are more, the prompt repeats
   * an answer whose ids were unknown.
   */
  public void correct(Sequence sequence, int cachedTokens) {
    int cached = Math.min(cachedTokens / blockSize, sequence.keys.count());
    if (sequence.preempted || !sequence.isRunning()) {
      return;
    }
    if (cached < sequence.hits) {
      pool.forgetFreedUpTo(sequence.hitsFreedAt[cached]);
    } else if (cached > sequence.hits) {
      bindAnswer(sequence, cached);
    }
  }

  /** Puts an answer's blocks in place of those that were taken for the same text. */
  private void bindAnswer(Sequence sequence, int cached) {
    Answers.Answer answer = answers.take(sequence, sequence.hits);
    for (int i = sequence.hits; answer != null && i < Math.min(cached, sequence.count); i++) {
      int block = answer.block(i);
      int taken = sequence.blocks[i];
      if (block != BlockPool.NULL_BLOCK && !pool.isShared(taken)) {
        pool.touch(block);
        pool.name(block, sequence.keys.key(i));
        sequence.blocks[i] = block;
        outlook.uses(sequence, block, i);
        outlook.leaves(sequence, taken);
        pool.forget(taken);
        pool.release(new int[] {taken}, 1);
      }
    }
  }

  /** The engine restarted: nothing is cached, and what ran there is gone. */
  public void restart() {
    expected.forEach(sequence -> sequence.state = Sequence.State.ENDED);
    running.forEach(sequence -> sequence.state = Sequence.State.ENDED);
    expected.clear();
    running.clear();
    answers.clear();
    view.clear();
    pool = new BlockPool(pool.capacity() + 1, view);
    outlook = new EvictionForecast(pool, promises, running, expected);
  }

  /** The engine told another number of blocks, its null block included. */
  public void resize(int numBlocks) {
    if (numBlocks == pool.capacity() + 1) {
      return;
    }
    BlockPool old = pool;
    pool = new BlockPool(numBlocks, view);
    int[] moved = old.moveTo(pool);
    outlook = new EvictionForecast(pool, promises, running, expected);
    for (Sequence sequence : running) {
      sequence.renumber(moved, pool);
      for (int i = 0; i < sequence.count; i++) {
        outlook.uses(sequence, sequence.blocks[i], i);
      }
    }
    expected.forEach(this::replan);
    answers.renumber(moved);
  }

  /** Blocks in use by requests. */
  public int usedBlocks() {
    return pool.capacity() - pool.free();
  }

  /** Blocks the engine can give out: one less than it counts. */
  public int capacity() {
    return pool.capacity();
  }

  /** Blocks seen in the index: cached, or promised by an expected request. */
  public int heldBlocks() {
    return view.blocks();
  }

  BlockPool pool() {
    return pool;
  }

  /** Queues a request behind those expected already. */
  private void await(Sequence sequence) {
    BlockKeys keys = sequence.keys;
    int held = outlook.lasting(keys, Math.min(keys.matchable(), view.held(keys, pool)));
    outlook.plan(sequence, held);
    view.promise(sequence, held);
    expected.addLast(sequence);
  }

  /** Requests that wait for room will find something else than when they came. */
  private void planAnew() {
    List<Sequence> queue = List.copyOf(expected);
    queue.forEach(this::leaveQueue);
    promises.clear();
    queue.forEach(this::await);
  }

  /** The request will find what is there now, however it fared before. */
  private void replan(Sequence sequence) {
    findHits(sequence);
    outlook.plan(sequence, sequence.hits);
    sequence.refusedAt = Sequence.NEVER_REFUSED;
  }

  private void leaveQueue(Sequence sequence) {
    expected.remove(sequence);
    outlook.unplan(sequence);
    roomChanged = true;
  }

  /** Finds the leading blocks that are cached, without taking them yet. */
  private void findHits(Sequence sequence) {
    BlockKeys keys = sequence.keys;
    sequence.reserve(sequence.blocksInAll());
    int hits = 0;
    int block = BlockPool.NULL_BLOCK;
    for (; hits < keys.matchable(); hits++) {
      block = pool.find(keys.key(hits), block);
      if (block == BlockPool.NULL_BLOCK) {
        break;
      }
      sequence.blocks[hits] = block;
    }
    sequence.hits = hits;
  }

  private boolean fits(Sequence sequence) {
    int needed = sequence.blocksInAll() - sequence.hits;
    for (int i = 0; i < sequence.hits; i++) {
      needed += pool.isFree(sequence.blocks[i]) ? 1 : 0;
    }
    return needed <= pool.free();
  }

  /** Takes the blocks found before, and those that are lacking. */
  private void admit(Sequence sequence) {
    leaveQueue(sequence);
    sequence.hitsFreedAt = new int[sequence.hits];
    for (int i = 0; i < sequence.hits; i++) {
      int block = sequence.blocks[i];
      sequence.hitsFreedAt[i] = pool.freedAt(block);
      pool.touch(block);
      outlook.uses(sequence, block, i);
    }
    sequence.count = sequence.hits;
    sequence.state = Sequence.State.RUNNING;
    running.add(sequence);
    grow(sequence);
    takePromisesBack(sequence);
  }

  /** Gives a running request the blocks that its tokens need, from later ones if none is free. */
  private void grow(Sequence sequence) {
    BlockKeys keys = sequence.keys;
    int from = sequence.count;
    int needed = sequence.blocksInAll();
    while (sequence.count < needed && makeRoom(sequence)) {
      int block = pool.take();
      if (sequence.count < keys.count()) {
        pool.name(block, keys.key(sequence.count));
      }
      add(sequence, block);
    }
    view.show(keys, from, Math.min(sequence.count, sequence.promisedFrom));
  }

  private void add(Sequence sequence, int block) {
    outlook.uses(sequence, block, sequence.count);
    sequence.add(block);
  }

  /**
   * Sees to it that a block is free. Where the model finds no room for what the engine did find
   * room for, the request must do with what it has.
   */
  private boolean makeRoom(Sequence sequence) {
    while (pool.free() == 0 && running.getLast() != sequence) {
      preempt(running.getLast());
    }
    return pool.free() > 0;
  }

  /** As vLLM does when blocks run out: the last admitted gives up its blocks and waits again. */
  private void preempt(Sequence sequence) {
    end(sequence);
    sequence.state = Sequence.State.EXPECTED;
    sequence.preempted = true;
    sequence.promisedFrom = sequence.keys.count();
    replan(sequence);
    expected.addFirst(sequence);
  }

  private void end(Sequence sequence) {
    for (int i = 0; i < sequence.count; i++) {
      outlook.leaves(sequence, sequence.blocks[i]);
    }
    pool.release(sequence.blocks, sequence.count);
    sequence.count = 0;
    sequence.state = Sequence.State.ENDED;
    roomChanged = true;
    running.remove(sequence);
  }

  private void takePromisesBack(Sequence sequence) {
    view.takeBack(sequence.keys, sequence.promisedFrom, pool);
    sequence.promisedFrom = sequence.keys.count();
  }
}
