package io.kvroute.loadtest.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each step computes (vLLM 0.32, v1/core/sched/scheduler.py, first come first served):
 * running sequences first, then waiting ones in order, within a budget of tokens. A waiting
 * sequence holds no blocks and is admitted only if all of it would fit; when a running one finds no
 * block, the youngest loses all its blocks and waits again, in front.
 */
final class Scheduler {

  /** What a step computes of one sequence. */
  record Chunk(Sequence sequence, int contextTokens, int newTokens) {}

  private final KvCache cache;
  private final EngineFlavor flavor;
  private final int maxBatchedTokens;
  private final int maxSequences;
  private final Counters counters;
  private final List<Sequence> running = new ArrayList<>();
  private final Deque<Sequence> waiting = new ArrayDeque<>();

  Scheduler(KvCache cache, EngineProfile profile, Counters counters) {
    this.cache = cache;
    this.flavor = profile.flavor();
    this.maxBatchedTokens = profile.maxBatchedTokens();
    this.maxSequences = profile.maxSequences();
    this.counters = counters;
  }

  void add(Sequence sequence) {
    waiting.addLast(sequence);
  }

  int running() {
    return running.size();
  }

  List<Sequence> runningSequences() {
    return List.copyOf(running);
  }

  int waiting() {
    return waiting.size();
  }

  boolean isEmpty() {
    return running.isEmpty() && waiting.isEmpty();
  }

  /** The next step's parts; empty if nothing can run. */
  List<Chunk> schedule() {
    List<Chunk> step = new ArrayList<>();
    int budget = maxBatchedTokens;
    boolean preempted = false;
    for (int i = 0; i < running.size() && budget > 0; i++) {
      Sequence sequence = running.get(i);
      int newTokens = Math.min(sequence.tokenCount() - sequence.computedTokens, budget);
      while (!cache.extend(sequence, newTokens)) {
        preempted = true;
        if (preemptYoungest() == sequence) {
          return finish(step);
        }
      }
      step.add(new Chunk(sequence, sequence.computedTokens, newTokens));
      budget -= newTokens;
    }
    if (!preempted) {
      admit(step, budget);
    }
    return finish(step);
  }

  private void admit(List<Chunk> step, int stepBudget) {
    int budget = stepBudget;
    while (budget > 0 && running.size() < maxSequences && !waiting.isEmpty()) {
      Sequence sequence = waiting.getFirst();
      if (flavor == EngineFlavor.TENSORRT_LLM && !canAllFinishWith(sequence)) {
        return;
      }
      IntList found = cache.findCached(sequence);
      int foundTokens = found.size() * cache.blockSize();
      int newTokens = Math.min(sequence.tokenCount() - foundTokens, budget);
      if (!cache.admit(sequence, found, newTokens)) {
        return;
      }
      waiting.removeFirst();
      running.add(sequence);
      if (sequence.preemptions == 0) {
        sequence.cachedTokens = foundTokens;
        counters.queried(sequence.tokenCount(), foundTokens);
      }
      step.add(new Chunk(sequence, foundTokens, newTokens));
      budget -= newTokens;
    }
  }

  private boolean canAllFinishWith(Sequence candidate) {
    long blocks = cache.blocksAtLimit(candidate);
    for (Sequence sequence : running) {
      blocks += cache.blocksAtLimit(sequence);
    }
    return running.isEmpty() || blocks <= cache.pool().usable();
  }

  private static List<Chunk> finish(List<Chunk> step) {
    for (Chunk chunk : step) {
      chunk.sequence().computedTokens += chunk.newTokens();
    }
    return step;
  }

  private Sequence preemptYoungest() {
    Sequence youngest = running.removeLast();
    cache.release(youngest);
    youngest.preemptions++;
    counters.preempted();
    waiting.addFirst(youngest);
    return youngest;
  }

  /** Ends a running sequence. */
  void retire(Sequence sequence) {
    running.remove(sequence);
    cache.release(sequence);
  }

  /** Takes a request out wherever it is; null if it is not here. */
  @Nullable Sequence remove(long requestId) {
    for (Sequence sequence : running) {
      if (sequence.request.id() == requestId) {
        retire(sequence);
        return sequence;
      }
    }
    for (Iterator<Sequence> i = waiting.iterator(); i.hasNext(); ) {
      Sequence sequence = i.next();
      if (sequence.request.id() == requestId) {
        i.remove();
        return sequence;
      }
    }
    return null;
  }
}
