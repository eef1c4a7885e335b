package io.kvroute.router.route;

import java.util.Arrays;

/**
 * The figures by which policies pick a replica: one row for each replica, found by its slot. They
 * lie in flat arrays, so that a scan over a thousand replicas stays in the processor's caches. Work
 * is in tokens of prefill. Guarded by the router's lock.
 */
final class LoadTable {

  /** The value of {@link #outUntilNanos} while the replica is in rotation. */
  static final long NOT_OUT = Long.MIN_VALUE;

  /** The value of {@link #pausedUntilNanos} while no pause was asked for. */
  static final long NOT_PAUSED = Long.MIN_VALUE;

  double[] weight = {};

  /** Requests routed there that have not ended. */
  int[] inflight = {};

  /** Sequences routed there that have their first token and have not ended. */
  int[] decoding = {};

  /** Sequences of other clients: reported by the engine and not ours. */
  int[] foreignRunning = {};

  /** Queued requests of other clients: reported by the engine and not ours. */
  int[] foreignWaiting = {};

  /** Requests routed there without a first token. */
  int[] waiting = {};

  /** Prefill work of the first request in the queue, 0 for an empty queue. */
  double[] prefillingWork = {};

  /** When the first request in the queue became the first. */
  long[] prefillingSinceNanos = {};

  /** Prefill work of all requests behind the first. */
  double[] queuedWork = {};

  /**
   * When the first request in the queue counts as prefilled, if it is not streamed and gives no
   * first-token signal.
   */
  long[] assumedPrefilledNanos = {};

  /** Until when the replica is out of rotation. */
  long[] outUntilNanos = {};

  /** Until when the replica is sent no requests, because it asked for a pause. */
  long[] pausedUntilNanos = {};

  /** The factor by which the replica is significantly slower than its speed group. */
  double[] slowness = {};

  /** a: seconds of a time to first token that no other coefficient explains. */
  double[] overheadSeconds = {};

  /** β: seconds for a token of prefill work. */
  double[] secondsPerToken = {};

  /** c: seconds that each waiting request adds, whatever its work. */
  double[] secondsPerWaiting = {};

  /** d: seconds that each decoding sequence adds. */
  double[] secondsPerDecoding = {};

  /** Standard deviation of the logarithm of the replica's times to first token. */
  double[] logDeviation = {};

  /** The part of {@link #logDeviation} that was observed, not assumed. */
  double[] observedLogDeviation = {};

  /** Mean seconds from a request's first token to its end. */
  double[] decodeSeconds = {};

  /** Tokens in a block. */
  int[] blockSize = {};

  /** KV space in tokens. */
  double[] capacityTokens = {};

  /** KV space that is not allocated to running requests, in tokens. */
  double[] freeTokens = {};

  /** KV space that holds no cached block either, in tokens. */
  double[] emptyTokens = {};

  /** Makes room for a slot and sets its row to that of an idle, unknown replica. */
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
    prefillingWork[slot] = 0;
    prefillingSinceNanos[slot] = 0;
    queuedWork[slot] = 0;
    assumedPrefilledNanos[slot] = Long.MAX_VALUE;
    outUntilNanos[slot] = NOT_OUT;
    pausedUntilNanos[slot] = NOT_PAUSED;
    slowness[slot] = 1 / replicaWeight;
    overheadSeconds[slot] = TtftModel.DEFAULT_OVERHEAD_SECONDS / replicaWeight;
    secondsPerToken[slot] = TtftModel.DEFAULT_SECONDS_PER_TOKEN / replicaWeight;
    secondsPerWaiting[slot] = 0;
    secondsPerDecoding[slot] = 0;
    logDeviation[slot] = Pace.PRIOR_DEVIATION;
    observedLogDeviation[slot] = 0;
    decodeSeconds[slot] = 0;
    blockSize[slot] = 0;
    capacityTokens[slot] = 0;
    freeTokens[slot] = 0;
    emptyTokens[slot] = 0;
  }

  /** The load in tokens, a sequence counted as {@code sequenceWork} tokens. */
  double tokenWork(int slot, double sequenceWork) {
    int sequences = inflight[slot] + foreignRunning[slot] + foreignWaiting[slot];
    return prefillingWork[slot] + queuedWork[slot] + sequenceWork * sequences;
  }

  private void grow(int slots) {
    weight = Arrays.copyOf(weight, slots);
    inflight = Arrays.copyOf(inflight, slots);
    decoding = Arrays.copyOf(decoding, slots);
    foreignRunning = Arrays.copyOf(foreignRunning, slots);
    foreignWaiting = Arrays.copyOf(foreignWaiting, slots);
    waiting = Arrays.copyOf(waiting, slots);
    prefillingWork = Arrays.copyOf(prefillingWork, slots);
    prefillingSinceNanos = Arrays.copyOf(prefillingSinceNanos, slots);
    queuedWork = Arrays.copyOf(queuedWork, slots);
    assumedPrefilledNanos = Arrays.copyOf(assumedPrefilledNanos, slots);
    outUntilNanos = Arrays.copyOf(outUntilNanos, slots);
    pausedUntilNanos = Arrays.copyOf(pausedUntilNanos, slots);
    slowness = Arrays.copyOf(slowness, slots);
    overheadSeconds = Arrays.copyOf(overheadSeconds, slots);
    secondsPerToken = Arrays.copyOf(secondsPerToken, slots);
    secondsPerWaiting = Arrays.copyOf(secondsPerWaiting, slots);
    secondsPerDecoding = Arrays.copyOf(secondsPerDecoding, slots);
    logDeviation = Arrays.copyOf(logDeviation, slots);
    observedLogDeviation = Arrays.copyOf(observedLogDeviation, slots);
    decodeSeconds = Arrays.copyOf(decodeSeconds, slots);
    blockSize = Arrays.copyOf(blockSize, slots);
    capacityTokens = Arrays.copyOf(capacityTokens, slots);
    freeTokens = Arrays.copyOf(freeTokens, slots);
    emptyTokens = Arrays.copyOf(emptyTokens, slots);
  }
}
