package io.kvroute.router.route;

import io.kvroute.router.index.IndexWriter;
import io.kvroute.router.keys.BlockKeys;
import io.kvroute.router.keys.PromptKeys;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one replica's cache, in two ways kept side by side, each with a column of its
 * own in the index: a model of it, and, where the engine is listened to, its events. Every request
 * is fed to both, whichever is believed, so that the change from one to the other is exact at any
 * moment. Guarded by the router's lock.
 */
final class CacheKnowledge {

  private ShadowCache shadow;
  private @Nullable EventCache told;
  private boolean sizeTold;

  /** Read without the lock where an answer asks whether it is wanted. */
  private volatile EventTrust trust = EventTrust.NONE;

  private final Set<Twin> underWay = new HashSet<>();

  CacheKnowledge(ShadowCache shadow) {
    this.shadow = shadow;
  }

  /** The hand on the index through which events are entered, null where none are heard. */
  @Nullable IndexWriter toldHolder() {
    return told == null ? null : told.holder();
  }

  boolean isHeard() {
    return told != null;
  }

  /** Whether the block size is the one that events told. */
  boolean isSizeTold() {
    return sizeTold;
  }

  EventTrust trust() {
    return trust;
  }

  void believe(EventTrust newTrust) {
    trust = told == null ? EventTrust.NONE : newTrust;
  }

  /** Events are heard from now on; they are not believed yet. */
  void hear(IndexWriter holder) {
    EventCache events = new EventCache(holder, shadow.blockSize());
    told = events;
    underWay.forEach(twin -> twin.told = events.expect(twin.prompt, 0, 0));
  }

  /** Events are heard no more. */
  void unhear() {
    told = null;
    sizeTold = false;
    trust = EventTrust.NONE;
    underWay.forEach(twin -> twin.told = ReplicaCache.Passage.UNSEEN);
  }

  /** The engine's blocks have another size: both begin anew. */
  void resize(ShadowCache fresh, @Nullable IndexWriter holder, boolean asTold) {
    shadow = fresh;
    sizeTold = asTold;
    if (holder != null) {
      hear(holder);
    }
  }

  /** The model begins anew; nothing else changes. */
  void renewShadow(ShadowCache fresh) {
    shadow = fresh;
  }

  /** The process is another: nothing is believed of its predecessor or of what runs there. */
  void restart(ShadowCache fresh) {
    shadow = fresh;
    trust = EventTrust.NONE;
    if (told != null) {
      told.forgetPromises();
    }
  }

  /** What was told is not to be believed any more. */
  void forgetTold() {
    if (told != null) {
      told.forgetTold();
    }
  }

  /** The model's engine told its number of blocks, its null block included. */
  void resizeShadow(int numBlocks) {
    shadow.resize(numBlocks);
  }

  /** The engine told of its space; none is 0 blocks. */
  void space(int capacityBlocks, double usedShare) {
    if (told != null) {
      told.space(capacityBlocks, usedShare);
    }
  }

  /** A request was sent to the replica; see {@link ReplicaCache#expect}. */
  ReplicaCache.Passage expect(PromptKeys prompt, long admissionNanos, long nowNanos) {
    Twin twin = new Twin(prompt, shadow.expect(prompt, admissionNanos, nowNanos));
    if (told != null) {
      twin.told = told.expect(prompt, admissionNanos, nowNanos);
    }
    underWay.add(twin);
    return twin;
  }

  /**
   * Leading blocks of a prompt that will be there for it.
   *
   * @param modelled blocks held now, as the model has it
   * @param heard the same, as events have it
   */
  int lasting(BlockKeys keys, int modelled, int heard) {
    return switch (trust) {
      case COMPLETE -> heard;
      case PARTIAL -> Math.max(heard, lasting(keys, modelled));
      case NONE -> lasting(keys, modelled);
    };
  }

  private int lasting(BlockKeys keys, int modelled) {
    return modelled == 0 ? 0 : shadow.lasting(keys, modelled);
  }

  void advance(long nowNanos) {
    shadow.advance(nowNanos);
  }

  /** Where the knowledge comes from: {@code events} or {@code shadow}. */
  String knowledge() {
    return trust == EventTrust.NONE ? "shadow" : "events";
  }

  int blockSize() {
    return shadow.blockSize();
  }

  int heldBlocks() {
    return believed().heldBlocks();
  }

  int capacityBlocks() {
    return believed().capacityBlocks();
  }

  int usedBlocks() {
    return believed().usedBlocks();
  }

  private ReplicaCache believed() {
    EventCache events = told;
    return events == null || trust == EventTrust.NONE ? shadow : events;
  }

  /** A request's way through both. */
  private final class Twin implements ReplicaCache.Passage {

    private final PromptKeys prompt;
    private final ReplicaCache.Passage modelled;
    private ReplicaCache.Passage told = UNSEEN;

    Twin(PromptKeys prompt, ReplicaCache.Passage modelled) {
      this.prompt = prompt;
      this.modelled = modelled;
    }

    @Override
    public void firstToken() {
      modelled.firstToken();
    }

    @Override
    public void generated(int tokens) {
      modelled.generated(tokens);
    }

    @Override
    public void ended(Outcome outcome, int tokens) {
      underWay.remove(this);
      modelled.ended(outcome, tokens);
      told.ended(outcome, tokens);
    }

    /** Events name an answer's blocks themselves: none is tokenized while they are believed. */
    @Override
    public boolean wantsAnswer() {
      return trust != EventTrust.COMPLETE && modelled.wantsAnswer();
    }

    @Override
    public void answered(int[] ids) {
      modelled.answered(ids);
    }
  }
}
