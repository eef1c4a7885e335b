package io.kvroute.router.route;

import io.kvroute.router.keys.PromptKeys;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The input of a policy: one request and the replicas that can take it now, by position. One object
 * is reused for all decisions, so that a pick allocates nothing. Guarded by the router's lock.
 */
final class Candidates {

  static final int NO_SLOT = -1;

  final LoadTable loads;

  int count;
  int[] slots = {};

  /** Leading tokens of the prompt that each candidate is predicted to hold at its admission. */
  int[] matchedTokens = {};

  /** Leading tokens that each candidate holds by its KV events alone; -1 without an event view. */
  int[] eventTokens = {};

  /** The most of {@link #matchedTokens}. */
  int bestMatchedTokens;

  /** Costs, or other figures of the policy's own. */
  double[] scores = {};

  /** All replicas that serve the model, ready or not. */
  ModelPool pool = ModelPool.NONE;

  PromptKeys keys = PromptKeys.unknown(0);
  @Nullable String session;

  /** The replica of the session's last request; {@link #NO_SLOT} where not known. */
  int sessionSlot = NO_SLOT;

  /** Prefill work assumed of a request of another client, in tokens. */
  double foreignWork;

  long nowNanos;
  RandomGenerator random;

  private final FollowUps followUps;

  /** The result of {@link #isFollowUp}, null until it is computed. */
  private @Nullable Boolean followUp;

  Candidates(LoadTable loads, FollowUps followUps, RandomGenerator random) {
    this.loads = loads;
    this.followUps = followUps;
    this.random = random;
  }

  /** Begins a new decision, without candidates. */
  void begin(ModelPool newPool, RouteQuery query, long now, double meanWork) {
    pool = newPool;
    keys = query.keys();
    session = query.session();
    sessionSlot = NO_SLOT;
    followUp = null;
    foreignWork = meanWork;
    nowNanos = now;
    bestMatchedTokens = 0;
    count = 0;
    int room = newPool.readySlots().length;
    if (slots.length < room) {
      slots = Arrays.copyOf(slots, room);
      matchedTokens = Arrays.copyOf(matchedTokens, room);
      eventTokens = Arrays.copyOf(eventTokens, room);
      scores = Arrays.copyOf(scores, room);
    }
  }

  void add(int slot) {
    matchedTokens[count] = 0;
    eventTokens[count] = -1;
    slots[count++] = slot;
  }

  RouteObserver.Match match(int position) {
    return new RouteObserver.Match(
        keys.tokens(), matchedTokens[position], bestMatchedTokens, eventTokens[position]);
  }

  /**
   * Whether the prompt continues or repeats an earlier prompt that some replica still holds. Costs
   * up to 1,026 hash probes for each block size of the pool at the first call of a decision,
   * nothing afterwards.
   */
  boolean isFollowUp() {
    Boolean known = followUp;
    if (known == null) {
      known = findFollowUp();
      followUp = known;
    }
    return known;
  }

  private boolean findFollowUp() {
    if (bestMatchedTokens == 0) {
      return false;
    }
    for (int blockSize : pool.blockSizes()) {
      if (followUps.isFollowUp(keys.blocks(blockSize), bestMatchedTokens / blockSize)) {
        return true;
      }
    }
    return false;
  }

  /** The position of a slot, or -1. */
  int positionOf(int slot) {
    for (int i = 0; i < count; i++) {
      if (slots[i] == slot) {
        return i;
      }
    }
    return -1;
  }
}
