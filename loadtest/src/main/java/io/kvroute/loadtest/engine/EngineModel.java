package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models one LLM engine: requests go in; tokens and KV events come out, step by step. The engine
 * has no clock. A driver passes the time to {@link #advance}, and calls it again at the time that
 * it returned, or earlier after a submission. The same requests at the same times give the same
 * results, and many engines can share one simulated clock. Not thread-safe.
 *
 * <p>Each step: the {@link Scheduler} picks chunks of sequences within the token budget, a {@link
 * StepTimer} gives the step's duration, and at its end every sequence whose tokens are all computed
 * samples one token. A step costs O(running sequences + blocks allocated).
 *
 * <p>Example with steps of 1 ms, a budget of 16 tokens and a prompt of 20 tokens:
 *
 * <pre>
 * submit(request), advance(0 ms) = 1 ms   step 1 computes prompt tokens 0 to 15
 * advance(1 ms) = 2 ms                    step 1 ends without a token; step 2 computes 16 to 19
 * advance(2 ms) = 3 ms                    step 2 ends: onToken, the first token; step 3 begins
 * advance(3 ms) = IDLE                    onToken with a FinishReason, if maxTokens is 2
 * </pre>
 */
public final class EngineModel {

  /** {@link #advance} returns this when the engine has no work until the next request. */
  public static final long IDLE = Long.MAX_VALUE;

  private final StepTimer timer;
  private final EngineListener listener;
  private final int maxModelTokens;
  private final int blockSize;
  private final KvCache cache;
  private final Scheduler scheduler;
  private final Counters counters = new Counters();
  private final List<Long> leaving = new ArrayList<>();
  private @Nullable List<Scheduler.Chunk> step;
  private long stepEndNanos = IDLE;

  public EngineModel(EngineProfile profile, EngineListener listener) {
    this(profile, profile.cost(), listener);
  }

  /** An engine whose step durations come from a timer instead of the profile's cost. */
  public EngineModel(EngineProfile profile, StepTimer timer, EngineListener listener) {
    this.timer = timer;
    this.listener = listener;
    this.maxModelTokens = profile.maxModelTokens();
    this.blockSize = profile.blockSize();
    this.cache = new KvCache(profile);
    this.scheduler = new Scheduler(cache, profile, counters);
  }

  /**
   * Queues a request. A step that begins after this call can include it.
   *
   * @throws IllegalArgumentException if the prompt leaves no room for an answer in the context
   */
  public void submit(EngineRequest request) {
    if (request.prompt().length >= maxModelTokens) {
      throw new IllegalArgumentException(
          "prompt: %d tokens (expected: < %d, the context)"
              .formatted(request.prompt().length, maxModelTokens));
    }
    scheduler.add(new EngineSequence(request, blockSize));
  }

  /**
   * Ends a request whose client disconnected. As in vLLM, an abort during a step takes effect when
   * that step ends, before the step's tokens are handled: the request gets no token from the step,
   * and its blocks are released before those of requests that finish in the step.
   */
  public void abort(long requestId) {
    leaving.add(requestId);
    if (step == null) {
      applyAborts();
    }
  }

  /**
   * Ends the current step if it is due, and begins the next one if there is work.
   *
   * @param nowNanos the current time; never less than in the call before
   * @return the time of the next call, or {@link #IDLE}
   */
  public long advance(long nowNanos) {
    if (step != null) {
      if (nowNanos < stepEndNanos) {
        return stepEndNanos;
      }
      end(step);
    }
    if (scheduler.isEmpty()) {
      return IDLE;
    }
    begin(nowNanos);
    return stepEndNanos;
  }

  /** Drops all cached content. Returns false, and drops nothing, while a request holds blocks. */
  public boolean resetPrefixCache() {
    return cache.reset();
  }

  /** The number of leading prompt tokens that are cached now. Changes nothing. */
  public int cachedTokens(int[] prompt, @Nullable String cacheSalt) {
    EngineRequest asked = new EngineRequest(-1, prompt, 1, position -> 0, -1, cacheSalt);
    return cache.findCached(new EngineSequence(asked, blockSize)).size() * blockSize;
  }

  /** The number of different blocks that are cached now. */
  public int cachedBlocks() {
    return cache.pool().cachedHashes();
  }

  /** A snapshot of state and counters. */
  public EngineStats stats() {
    EngineBlockPool pool = cache.pool();
    return counters.stats(
        scheduler.running(), scheduler.waiting(), pool.usable() - pool.free(), pool.usable());
  }

  EngineBlockPool pool() {
    return cache.pool();
  }

  List<EngineSequence> running() {
    return scheduler.runningSequences();
  }

  private void begin(long nowNanos) {
    List<Scheduler.Chunk> chunks = scheduler.schedule();
    if (chunks.isEmpty()) {
      throw new IllegalStateException("nothing can run: " + stats());
    }
    List<StepWork> work = new ArrayList<>(chunks.size());
    int tokens = 0;
    for (Scheduler.Chunk chunk : chunks) {
      EngineSequence sequence = chunk.sequence();
      tokens += chunk.newTokens();
      work.add(
          new StepWork(
              sequence.request.id(),
              chunk.contextTokens(),
              chunk.newTokens(),
              sequence.computedTokens == sequence.tokenCount(),
              sequence.answerTokens()));
    }
    counters.stepped(tokens);
    step = chunks;
    stepEndNanos = nowNanos + Math.max(1, timer.stepNanos(work, nowNanos));
  }

  private void end(List<Scheduler.Chunk> chunks) {
    long atNanos = stepEndNanos;
    step = null;
    stepEndNanos = IDLE;
    applyAborts(); // aborted sequences have no computed tokens left, so they sample nothing below
    for (Scheduler.Chunk chunk : chunks) {
      if (chunk.sequence().computedTokens == chunk.sequence().tokenCount()) {
        sample(chunk.sequence(), atNanos);
      }
    }
    List<EngineKvEvent> events = cache.takeEvents();
    if (!events.isEmpty()) {
      listener.onKvEvents(events, atNanos);
    }
  }

  private void sample(EngineSequence sequence, long atNanos) {
    EngineRequest request = sequence.request;
    int token = sequence.sample();
    counters.sampled();
    if (sequence.answerTokens() == 1) {
      counters.prefilled(request.prompt().length, sequence.cachedTokens);
      cache.prefilled(sequence);
    }
    FinishReason finish = null;
    if (token == request.endToken()) {
      finish = FinishReason.STOP;
    } else if (sequence.answerTokens() >= request.maxTokens()
        || sequence.tokenCount() >= maxModelTokens) {
      finish = FinishReason.LENGTH;
    }
    if (finish != null) {
      scheduler.retire(sequence);
      counters.finished(finish);
    }
    listener.onToken(request, token, sequence.cachedTokens, finish, atNanos);
  }

  private void applyAborts() {
    for (long requestId : leaving) {
      if (scheduler.remove(requestId) != null) {
        counters.finished(FinishReason.ABORT);
      }
    }
    leaving.clear();
  }
}
