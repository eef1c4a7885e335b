package io.kvroute.loadtest.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One engine: requests go in, tokens and KV events come out, step by step, at the times it is told.
 * The same requests at the same times give the same results. A driver calls {@link #advance} at the
 * time the last call returned, or earlier after a submission; many engines can share one simulated
 * clock. Not thread-safe.
 */
public final class Engine {

  /** Returned by {@link #advance} when nothing is to be done until a request comes. */
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

  public Engine(EngineProfile profile, EngineListener listener) {
    this(profile, profile.cost(), listener);
  }

  /** An engine whose steps take other times than the profile says. */
  public Engine(EngineProfile profile, StepTimer timer, EngineListener listener) {
    this.timer = timer;
    this.listener = listener;
    this.maxModelTokens = profile.maxModelTokens();
    this.blockSize = profile.blockSize();
    this.cache = new KvCache(profile);
    this.scheduler = new Scheduler(cache, profile, counters);
  }

  /**
   * Queues a request; a step begun later can take it in.
   *
   * @throws IllegalArgumentException if the prompt leaves no room for an answer in the context
   */
  public void submit(EngineRequest request) {
    if (request.prompt().length >= maxModelTokens) {
      throw new IllegalArgumentException(
          "prompt: %d tokens (expected: < %d, the context)"
              .formatted(request.prompt().length, maxModelTokens));
    }
    scheduler.add(new Sequence(request, blockSize));
  }

  /**
   * Ends a request whose client left. As in vLLM, this takes effect at the end of a step already
   * begun, before what the step brought the others: the request gets no token from it, and its
   * blocks are free before those of requests that the step ends.
   */
  public void abort(long requestId) {
    leaving.add(requestId);
    if (step == null) {
      applyAborts();
    }
  }

  /**
   * Ends the step that is due by now, and begins the next one if there is work.
   *
   * @param nowNanos never less than in the call before
   * @return when to call again, or {@link #IDLE}
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

  /** Forgets all cached content, unless a request holds blocks; false then. */
  public boolean resetPrefixCache() {
    return cache.reset();
  }

  /** Leading tokens of a prompt that would be found in the cache now; changes nothing. */
  public int cachedTokens(int[] prompt, @Nullable String cacheSalt) {
    EngineRequest asked = new EngineRequest(-1, prompt, 1, position -> 0, -1, cacheSalt);
    return cache.findCached(new Sequence(asked, blockSize)).size() * blockSize;
  }

  /** Different blocks that can be found in the cache now. */
  public int cachedBlocks() {
    return cache.pool().cachedHashes();
  }

  /** State and counters now. */
  public EngineStats stats() {
    BlockPool pool = cache.pool();
    return counters.stats(
        scheduler.running(), scheduler.waiting(), pool.usable() - pool.free(), pool.usable());
  }

  BlockPool pool() {
    return cache.pool();
  }

  List<Sequence> running() {
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
      Sequence sequence = chunk.sequence();
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
    applyAborts(); // these have nothing computed any more
    for (Scheduler.Chunk chunk : chunks) {
      if (chunk.sequence().computedTokens == chunk.sequence().tokenCount()) {
        sample(chunk.sequence(), atNanos);
      }
    }
    List<KvEvent> events = cache.takeEvents();
    if (!events.isEmpty()) {
      listener.onKvEvents(events, atNanos);
    }
  }

  private void sample(Sequence sequence, long atNanos) {
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
