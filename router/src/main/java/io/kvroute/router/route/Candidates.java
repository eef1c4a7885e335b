package io.kvroute.router.route;

import io.kvroute.router.keys.PromptKeys;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a policy chooses from: the replicas that can take a request now, by position, and the
 * request. One is used again and again, so that a pick allocates nothing. Guarded by the router's
 * lock.
 */
final class Candidates {

  static final int NO_SLOT = -1;

  final LoadTable loads;

  int count;
  int[] slots = {};

  /** Leading tokens of the prompt that each is believed to hold. */
  int[] matchedTokens = {};

  /** The same as the replica's events alone tell, believed or not; -1 where none are heard. */
  int[] toldTokens = {};

  /** Room for a policy's own numbers. */
  double[] scores = {};

  /** All that serve the model, ready or not. */
  ModelPool pool = ModelPool.NONE;

  PromptKeys keys = PromptKeys.unknown(0);
  @Nullable String session;

  /** Where the session's last request went; {@link #NO_SLOT} where that is not known. */
  int homeSlot = NO_SLOT;

  /** Whether the prompt continues or repeats an earlier one, which some replica still holds. */
  boolean continued;

  /** Prefill work assumed of a request that others sent. */
  double foreignWork;

  long nowNanos;
  RandomGenerator random;

  Candidates(LoadTable loads, RandomGenerator random) {
    this.loads = loads;
    this.random = random;
  }

  /** Begins anew, with no candidate yet. */
  void begin(ModelPool newPool, RouteQuery query, long now, double meanWork) {
    pool = newPool;
    keys = query.keys();
    session = query.session();
    homeSlot = NO_SLOT;
    continued = false;
    foreignWork = meanWork;
    nowNanos = now;
    count = 0;
    int room = newPool.readySlots().length;
    if (slots.length < room) {
      slots = Arrays.copyOf(slots, room);
      matchedTokens = Arrays.copyOf(matchedTokens, room);
      toldTokens = Arrays.copyOf(toldTokens, room);
      scores = Arrays.copyOf(scores, room);
    }
  }

  void add(int slot) {
    matchedTokens[count] = 0;
    toldTokens[count] = -1;
    slots[count++] = slot;
  }

  /** The position of the session's last replica, or -1. */
  int homePosition() {
    return homeSlot == NO_SLOT ? -1 : positionOf(homeSlot);
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
