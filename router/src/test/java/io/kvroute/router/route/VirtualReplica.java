package io.kvroute.router.route;

import com.carrotsearch.hppc.LongIntHashMap;
import io.kvroute.router.index.BlockKeys;
import io.kvroute.router.index.PromptKeys;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;

/**
 * A small engine under virtual time: steps that prefill waiting prompts in order, in chunks, while
 * every running sequence gets a token; a prefix cache with least recently used eviction; room for
 * so many blocks and sequences. It knows nothing of the router's own models.
 */
final class VirtualReplica {

  static final int BLOCK_SIZE = 16;
  private static final int CHUNK_TOKENS = 2048;
  private static final int MAX_SEQUENCES = 128;
  private static final double STEP_SECONDS = 0.012;
  private static final double SECONDS_PER_SEQUENCE = 0.0001;
  private static final double ATTENTION = 3e-5;

  /** One request at the engine. */
  static final class Job {
    final PromptKeys whole;
    final BlockKeys keys;
    final int promptTokens;
    final int answerTokens;
    final Consumer<Job> onFirstToken;
    final Consumer<Job> onEnd;
    final Runnable onLost;
    int cachedTokens;
    private int computed;
    private int generated;
    private int pinned;
    private int unnamed;

    Job(
        PromptKeys whole,
        int promptTokens,
        Consumer<Job> onFirstToken,
        Consumer<Job> onEnd,
        Runnable onLost) {
      this.whole = whole;
      this.keys = whole.blocks(BLOCK_SIZE);
      this.promptTokens = promptTokens;
      this.answerTokens = whole.tokens() - promptTokens;
      this.onFirstToken = onFirstToken;
      this.onEnd = onEnd;
      this.onLost = onLost;
    }

    int generated() {
      return generated;
    }
  }

  private final double secondsPerToken;
  private final int capacityBlocks;
  private final Deque<Job> waiting = new ArrayDeque<>();
  private final List<Job> running = new ArrayList<>();

  /** Blocks of ended requests, from the next to be evicted on. */
  private final LinkedHashSet<Long> cached = new LinkedHashSet<>();

  /** Blocks of running requests' prompts, and how many have each. */
  private final LongIntHashMap pinned = new LongIntHashMap();

  /** Blocks of running requests that nobody can share. */
  private int unnamed;

  long prefilledTokens;
  long askedTokens;

  VirtualReplica(double secondsPerToken, int capacityBlocks) {
    this.secondsPerToken = secondsPerToken;
    this.capacityBlocks = capacityBlocks;
  }

  void submit(Job job) {
    waiting.addLast(job);
  }

  boolean isIdle() {
    return waiting.isEmpty() && running.isEmpty();
  }

  int runningSequences() {
    return running.size();
  }

  int waitingRequests() {
    return waiting.size();
  }

  /** Starts again with nothing cached; returns what was lost. */
  List<Job> restart() {
    List<Job> lost = new ArrayList<>(running);
    lost.addAll(waiting);
    waiting.clear();
    running.clear();
    cached.clear();
    pinned.clear();
    unnamed = 0;
    return lost;
  }

  /** Plans a step; the time it takes in seconds. */
  double step() {
    int budget = CHUNK_TOKENS;
    double prefillSeconds = 0;
    for (Job job : running) {
      if (job.computed < job.promptTokens) {
        int tokens = Math.min(Math.max(0, budget), job.promptTokens - job.computed);
        prefillSeconds += prefill(job, tokens);
        budget -= tokens;
      } else {
        budget--;
      }
    }
    while (budget > 0 && !waiting.isEmpty() && running.size() < MAX_SEQUENCES && admit()) {
      Job job = running.getLast();
      int tokens = Math.min(budget, job.promptTokens - job.computed);
      prefillSeconds += prefill(job, tokens);
      budget -= tokens;
    }
    return STEP_SECONDS + SECONDS_PER_SEQUENCE * running.size() + prefillSeconds;
  }

  private double prefill(Job job, int tokens) {
    double work = tokens + ATTENTION * tokens * (job.computed + tokens / 2.0);
    job.computed += tokens;
    prefilledTokens += tokens;
    pin(job, Math.min(job.computed, job.promptTokens) / BLOCK_SIZE);
    return secondsPerToken * work;
  }

  /** Takes the first waiting request up if there is room for it. */
  private boolean admit() {
    Job job = waiting.getFirst();
    int matchable = Math.max(0, job.promptTokens - 1) / BLOCK_SIZE;
    int hits = 0;
    int shared = 0;
    while (hits < matchable && isHeld(job.keys.key(hits))) {
      shared += pinned.containsKey(job.keys.key(hits)) ? 1 : 0;
      hits++;
    }
    int needed = (job.whole.tokens() + BLOCK_SIZE - 1) / BLOCK_SIZE;
    if (usedBlocks() + needed - shared > capacityBlocks && !running.isEmpty()) {
      return false;
    }
    waiting.removeFirst();
    job.cachedTokens = hits * BLOCK_SIZE;
    job.computed = job.cachedTokens;
    job.unnamed = needed;
    unnamed += needed;
    askedTokens += job.promptTokens;
    running.add(job);
    pin(job, hits);
    evict();
    return true;
  }

  private int usedBlocks() {
    return pinned.size() + unnamed;
  }

  private boolean isHeld(long key) {
    return pinned.containsKey(key) || cached.contains(key);
  }

  private void pin(Job job, int upTo) {
    for (; job.pinned < upTo; job.pinned++) {
      long key = job.keys.key(job.pinned);
      pinned.putOrAdd(key, 1, 1);
      cached.remove(key);
      job.unnamed--;
      unnamed--;
    }
  }

  private void evict() {
    while (!cached.isEmpty() && cached.size() > capacityBlocks - usedBlocks()) {
      cached.removeFirst();
    }
  }

  /** The planned step is over: tokens come out. */
  void stepDone() {
    for (Job job : List.copyOf(running)) {
      if (job.computed >= job.promptTokens) {
        job.generated++;
        if (job.generated == 1) {
          job.onFirstToken.accept(job);
        }
        if (job.generated >= job.answerTokens) {
          running.remove(job);
          release(job);
          job.onEnd.accept(job);
        }
      }
    }
  }

  private void release(Job job) {
    unnamed -= job.unnamed;
    for (int i = job.keys.matchable() - 1; i >= 0; i--) {
      long key = job.keys.key(i);
      boolean last = i >= job.pinned ? !pinned.containsKey(key) : pinned.addTo(key, -1) == 0;
      if (last) {
        pinned.remove(key);
        cached.remove(key);
        cached.addLast(key);
      }
    }
    evict();
  }
}
