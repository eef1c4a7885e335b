package io.kvroute.loadtest.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what each step computes.
 *
 * <p>Rules: a step has a budget of tokens. Running sequences come first, in the order of their
 * admission; then waiting sequences are admitted in the order of their arrival. A waiting sequence
 * holds no blocks and is admitted only if all its tokens fit into the free blocks. When a running
 * sequence gets no block, the youngest running sequence is preempted: it loses all its blocks and
 * goes to the front of the waiting queue. A step that preempts admits nobody.
 *
 * <p>Cost: O(running + admitted sequences) per step, plus the cache look-ups of the admitted ones.
 *
 * <p>Source: vLLM 0.32, v1/core/sched/scheduler.py, policy "fcfs".
 *
 * <p>Example with a budget of 16 tokens per step:
 *
 * <pre>
 * running: A, which decodes; waiting: B with a prompt of 20 tokens, C with 10
 * step 1: A 1 token, B 15    the budget is used up, C waits
 * step 2: A 1, B 5, C 10     B's prefill ends and B samples its first token
 * step 3: A 1, B 1, C 1      all decode
 * </pre>
 */
final class Scheduler {

  /** The part of one sequence that a step computes. */
  record Chunk(EngineSequence sequence, int contextTokens, int newTokens) {}

  private final KvCache cache;
  private final EngineFlavor flavor;
  private final int maxBatchedTokens;
  private final int maxSequences;
  private final Counters counters;
  private final List<EngineSequence> running = new ArrayList<>();
  private final Deque<EngineSequence> waiting = new ArrayDeque<>();

  Scheduler(KvCache cache, EngineProfile profile, Counters counters) {
    this.cache = cache;
    this.flavor = profile.flavor();
    this.maxBatchedTokens = profile.maxBatchedTokens();
    this.maxSequences = profile.maxSequences();
    this.counters = counters;
  }

  void add(EngineSequence sequence) {
    waiting.addLast(sequence);
  }

  int running() {
    return running.size();
  }

  List<EngineSequence> runningSequences() {
    return List.copyOf(running);
  }

  int waiting() {
    return waiting.size();
  }

  boolean isEmpty() {
    return running.isEmpty() && waiting.isEmpty();
  }

  /** The chunks of the next step; empty if nothing can run. */
  List<Chunk> schedule() {
    List<Chunk> step = new ArrayList<>();
    int budget = maxBatchedTokens;
    boolean preempted = false;
    for (int i = 0; i < running.size() && budget > 0; i++) {
      EngineSequence sequence = running.get(i);
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
      EngineSequence sequence = waiting.getFirst();
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

  private boolean canAllFinishWith(EngineSequence candidate) {
    long blocks = cache.blocksAtLimit(candidate);
    for (EngineSequence sequence : running) {
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

  private EngineSequence preemptYoungest() {
    EngineSequence youngest = running.removeLast();
    cache.release(youngest);
    youngest.preemptions++;
    counters.preempted();
    waiting.addFirst(youngest);
    return youngest;
  }

  /** Ends a running sequence. */
  void retire(EngineSequence sequence) {
    running.remove(sequence);
    cache.release(sequence);
  }

  /** Removes a running or waiting request. Returns null if there is none with this id. */
  @Nullable EngineSequence remove(long requestId) {
    for (EngineSequence sequence : running) {
      if (sequence.request.id() == requestId) {
        retire(sequence);
        return sequence;
      }
    }
    for (Iterator<EngineSequence> i = waiting.iterator(); i.hasNext(); ) {
      EngineSequence sequence = i.next();
      if (sequence.request.id() == requestId) {
        i.remove();
        return sequence;
      }
    }
    return null;
  }
}
