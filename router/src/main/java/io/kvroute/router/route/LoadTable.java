package io.kvroute.router.route;

import java.util.Arrays;

/**
 * The numbers that picks are made from: of each replica, by slot, in flat arrays, so that a scan
 * over a thousand replicas stays in the processor's caches. Work is in tokens. Guarded by the
 * router's lock.
 */
final class LoadTable {

  static final long NEVER_RESTED = Long.MIN_VALUE;

  double[] weight = {};

  /** Requests routed there and not ended. */
  int[] inflight = {};

  /** Sequences routed there that have their first token and are not ended. */
  int[] decoding = {};

  /** What others have there: reported by the engine and not ours. */
  int[] foreignRunning = {};

  int[] foreignWaiting = {};

  /** Requests routed there that lack their first token. */
  int[] waiting = {};

  /** Prefill work of all that wait behind the one being prefilled. */
  double[] workBehind = {};

  /** Prefill work of the one being prefilled, 0 if none is, and when its turn came. */
  double[] workAhead = {};

  long[] aheadSinceNanos = {};

  /** When the first in the queue is taken to be prefilled though nobody will tell. */
  long[] settleNanos = {};

  /** Until when it is to be spared, for it failed. */
  long[] restsUntilNanos = {};

  /** How many times slower it has surely shown itself to be than its model's fleet. */
  double[] slowness = {};

  /** β: seconds for a token of prefill work. */
  double[] secondsPerToken = {};

  /** a: seconds until the first token that nothing else explains. */
  double[] overheadSeconds = {};

  /** c: seconds that each request waiting there adds, whatever its work. */
  double[] secondsPerWaiting = {};

  /** d: seconds that each sequence decoding there adds. */
  double[] secondsPerDecoding = {};

  /** How much first tokens vary there: the deviation of their logarithms. */
  double[] deviation = {};

  /** The part of that deviation which is seen, not assumed. */
  double[] noise = {};

  /** Seconds from a request's first token to its end, on average. */
  double[] decodeSeconds = {};

  /** KV space in tokens: all; what no running request has; what holds nothing worth keeping. */
  double[] capacityTokens = {};

  double[] freeTokens = {};
  double[] emptyTokens = {};

  /** Makes room for a slot and sets it to the numbers of an idle, unknown replica. */
  void open(int slot, double replicaWeight) {
    if (slot >= weight.length) {
      grow(Math.max(slot + 1, weight.length * 2));
    }
    weight[slot] = replicaWeight;
    inflight[slot] = 0;
    decoding[slot] = 0;
    foreignRunning[slot] = 0;
    foreignWaiting[slot] = 0;
    waiting[slot] = 0;
    workBehind[slot] = 0;
    workAhead[slot] = 0;
    aheadSinceNanos[slot] = 0;
    settleNanos[slot] = Long.MAX_VALUE;
    restsUntilNanos[slot] = NEVER_RESTED;
    slowness[slot] = 1 / replicaWeight;
    secondsPerToken[slot] = TtftModel.DEFAULT_SECONDS_PER_TOKEN / replicaWeight;
    overheadSeconds[slot] = TtftModel.DEFAULT_OVERHEAD_SECONDS / replicaWeight;
    secondsPerWaiting[slot] = 0;
    secondsPerDecoding[slot] = 0;
    deviation[slot] = Pace.PRIOR_DEVIATION;
    noise[slot] = 0;
    decodeSeconds[slot] = 0;
    capacityTokens[slot] = 0;
    freeTokens[slot] = 0;
    emptyTokens[slot] = 0;
  }

  /** Token work under way, a decoding sequence counted as {@code sequenceWork} tokens. */
  double tokenWork(int slot, double sequenceWork) {
    int sequences = inflight[slot] + foreignRunning[slot] + foreignWaiting[slot];
    return workAhead[slot] + workBehind[slot] + sequenceWork * sequences;
  }

  private void grow(int slots) {
    weight = Arrays.copyOf(weight, slots);
    inflight = Arrays.copyOf(inflight, slots);
    decoding = Arrays.copyOf(decoding, slots);
    foreignRunning = Arrays.copyOf(foreignRunning, slots);
    foreignWaiting = Arrays.copyOf(foreignWaiting, slots);
    waiting = Arrays.copyOf(waiting, slots);
    workBehind = Arrays.copyOf(workBehind, slots);
    workAhead = Arrays.copyOf(workAhead, slots);
    aheadSinceNanos = Arrays.copyOf(aheadSinceNanos, slots);
    settleNanos = Arrays.copyOf(settleNanos, slots);
    restsUntilNanos = Arrays.copyOf(restsUntilNanos, slots);
    secondsPerToken = Arrays.copyOf(secondsPerToken, slots);
    slowness = Arrays.copyOf(slowness, slots);
    overheadSeconds = Arrays.copyOf(overheadSeconds, slots);
    secondsPerWaiting = Arrays.copyOf(secondsPerWaiting, slots);
    secondsPerDecoding = Arrays.copyOf(secondsPerDecoding, slots);
    deviation = Arrays.copyOf(deviation, slots);
    noise = Arrays.copyOf(noise, slots);
    decodeSeconds = Arrays.copyOf(decodeSeconds, slots);
    capacityTokens = Arrays.copyOf(capacityTokens, slots);
    freeTokens = Arrays.copyOf(freeTokens, slots);
    emptyTokens = Arrays.copyOf(emptyTokens, slots);
  }
}
