package io.kvroute.router.route;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the router knows of one replica's cache. A view is one account of the blocks that the cache
 * holds, with a slot of its own in the index. Each replica has a shadow, the view that models the
 * engine's block manager. An engine that publishes KV events also has an event view, the view that
 * its events describe. {@link EventTrust} says which of the two views a decision uses.
 *
 * <p>Every request is entered in both views, trusted or not, so that the router can change from one
 * view to the other at any moment. Guarded by the router's lock.
 *
 * <pre>
 *   a request of 100 blocks is sent       shadow: 100 predicted, event view: 100 predicted
 *   events report its first 20 blocks     event view: 20 reported, 80 predicted
 *   trust COMPLETE: a second request      matches 100 blocks of the event view
 *   the first request ends                shadow: 100 held, event view: 20 held
 *   trust NONE: a third request           matches 100 blocks of the shadow
 * </pre>
 */
final class CacheKnowledge {

  private ShadowCache shadow;
  private @Nullable EventCache events;
  private boolean blockSizeFromEvents;

  /** Read without the lock by {@link CacheUse#wantsAnswer}. */
  private volatile EventTrust trust = EventTrust.NONE;

  private final Set<BothUses> inFlight = new HashSet<>();

  CacheKnowledge(ShadowCache shadow) {
    this.shadow = shadow;
  }

  /** The holder through which events are entered, null without an event view. */
  @Nullable IndexWriter eventHolder() {
    return events == null ? null : events.holder();
  }

  boolean hasEvents() {
    return events != null;
  }

  /** Whether events reported the block size, so that the engine's metrics no longer set it. */
  boolean isBlockSizeFromEvents() {
    return blockSizeFromEvents;
  }

  EventTrust trust() {
    return trust;
  }

  void trustEvents(EventTrust newTrust) {
    trust = events == null ? EventTrust.NONE : newTrust;
  }

  /** Adds an event view, not trusted yet, and enters all requests in flight in it. */
  void startEvents(IndexWriter holder) {
    EventCache started = new EventCache(holder, shadow.blockSize());
    events = started;
    inFlight.forEach(use -> use.events = started.expect(use.prompt, 0, 0));
  }

  /** Drops the event view. */
  void stopEvents() {
    events = null;
    blockSizeFromEvents = false;
    trust = EventTrust.NONE;
    inFlight.forEach(use -> use.events = CacheUse.NONE);
  }

  /**
   * Replaces both views because the engine's blocks have another size.
   *
   * @param holder for the new event view, null where there is none
   * @param fromEvents whether events reported the size
   */
  void resizeBlocks(ShadowCache fresh, @Nullable IndexWriter holder, boolean fromEvents) {
    shadow = fresh;
    blockSizeFromEvents = fromEvents;
    if (holder != null) {
      startEvents(holder);
    }
  }

  void resetShadow(ShadowCache fresh) {
    shadow = fresh;
  }

  /** A new engine process: starts an empty shadow and drops all predictions and all trust. */
  void engineRestarted(ShadowCache fresh) {
    shadow = fresh;
    trust = EventTrust.NONE;
    if (events != null) {
      events.dropPredictions();
    }
  }

  /** Empties the event view, except for the predicted blocks of requests in flight. */
  void clearEventView() {
    if (events != null) {
      events.clear();
    }
  }

  /**
   * Sets the size of the shadow's cache.
   *
   * @param numBlocks as the engine counts, its null block included
   */
  void resizeShadow(int numBlocks) {
    shadow.resize(numBlocks);
  }

  /**
   * The engine reported its space.
   *
   * @param capacityBlocks 0 where unknown
   * @param usedShare share of the blocks allocated to running requests, 0 to 1
   */
  void reportedSpace(int capacityBlocks, double usedShare) {
    if (events != null) {
      events.reportedSpace(capacityBlocks, usedShare);
    }
  }

  /** Enters a request that was sent to the replica; see {@link ReplicaCache#expect}. */
  CacheUse expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    BothUses use = new BothUses(prompt, shadow.expect(prompt, admissionNanos, nowNanos));
    if (events != null) {
      use.events = events.expect(prompt, admissionNanos, nowNanos);
    }
    inFlight.add(use);
    return use;
  }

  /**
   * Predicts how many leading blocks of a prompt survive until the engine admits it.
   *
   * @param inShadow leading blocks that the shadow holds now
   * @param inEvents leading blocks that the event view holds now
   */
  int surviving(BlockKeys keys, int inShadow, int inEvents) {
    return switch (trust) {
      case COMPLETE -> inEvents;
      case PARTIAL -> Math.max(inEvents, survivingInShadow(keys, inShadow));
      case NONE -> survivingInShadow(keys, inShadow);
    };
  }

  private int survivingInShadow(BlockKeys keys, int held) {
    return held == 0 ? 0 : shadow.surviving(keys, held);
  }

  void advance(long nowNanos) {
    shadow.advance(nowNanos);
  }

  /** The trusted view: {@code events} or {@code shadow}. */
  String label() {
    return trust == EventTrust.NONE ? "shadow" : "events";
  }

  int blockSize() {
    return shadow.blockSize();
  }

  int heldBlocks() {
    return trusted().heldBlocks();
  }

  int capacityBlocks() {
    return trusted().capacityBlocks();
  }

  int usedBlocks() {
    return trusted().usedBlocks();
  }

  private ReplicaCache trusted() {
    EventCache view = events;
    return view == null || trust == EventTrust.NONE ? shadow : view;
  }

  /**
   * One request's use of both views. The event view needs no signals about the answer, because
   * events report the blocks that it fills.
   */
  private final class BothUses implements CacheUse {

    private final PromptKeys prompt;
    private final CacheUse shadowed;
    private CacheUse events = NONE;

    BothUses(PromptKeys prompt, CacheUse shadowed) {
      this.prompt = prompt;
      this.shadowed = shadowed;
    }

    @Override
    public void firstToken() {
      shadowed.firstToken();
    }

    @Override
    public void generated(int tokens) {
      shadowed.generated(tokens);
    }

    @Override
    public void ended(Outcome outcome, int tokens) {
      inFlight.remove(this);
      shadowed.ended(outcome, tokens);
      events.ended(outcome, tokens);
    }

    /** No answer is tokenized for the shadow while complete events report the answer's blocks. */
    @Override
    public boolean wantsAnswer() {
      return trust != EventTrust.COMPLETE && shadowed.wantsAnswer();
    }

    @Override
    public void answered(int[] ids) {
      shadowed.answered(ids);
    }
  }
}
