package io.kvroute.router.learn;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.learn.KnowledgeObserver.Witness;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.RouteObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Compares the predicted cache hits of each replica with those that its engine reports: the cached
 * tokens of single answers, and the counters of queried and hit tokens in its metrics. Only prompts
 * whose tokens are known exactly count.
 *
 * <p>Each replica has two comparisons ({@link HitAccuracy}): one of the predictions that routing
 * used, and one of what its events alone predict, whether they are trusted or not. If the second
 * finds lasting disagreement, the events are disputed and not trusted ({@link ReplicaKnowledge}).
 * The observer is told of a dispute found by either comparison. Each report costs O(1).
 *
 * <p>Example: events are complete and predict 3,200 cached tokens of a prompt of 4,000; the engine
 * reports 0. The difference exceeds 25 percent of the prompt, so this answer disagrees. The share
 * of disagreeing answers is a moving average. After about seven such answers in a row it exceeds
 * 0.6: the events are disputed, and the shadow is used until later answers agree and the share
 * falls to 0.3.
 *
 * <p>Thread-safe.
 */
public final class KnowledgeCheck implements RouteObserver {

  private final KnowledgeObserver observer;
  private final BiConsumer<ReplicaId, EventTrust> onTrust;
  private final Map<ReplicaId, ReplicaRecord> replicas = new ConcurrentHashMap<>();

  /** What is known of one replica. */
  private static final class ReplicaRecord {
    private final ReplicaKnowledge knowledge;
    private volatile int restarts;
    private volatile HitAccuracy usedHits = new HitAccuracy();
    private volatile HitAccuracy eventHits = new HitAccuracy();
    private boolean disputed;

    /**
     * A change of trust changes the view that routing uses, so the comparison of its predictions
     * starts anew.
     */
    ReplicaRecord(ReplicaId replica, BiConsumer<ReplicaId, EventTrust> onTrust) {
      this.knowledge =
          new ReplicaKnowledge(
              replica.value(),
              trust -> {
                usedHits = new HitAccuracy();
                onTrust.accept(replica, trust);
              },
              System::nanoTime,
              System::currentTimeMillis);
    }

    void reset() {
      usedHits = new HitAccuracy();
      eventHits = new HitAccuracy();
    }
  }

  /**
   * A check that follows the replicas of {@code fleet}.
   *
   * @param onTrust called whenever the trust in a replica's events changes
   */
  public KnowledgeCheck(
      Fleet fleet, KnowledgeObserver observer, BiConsumer<ReplicaId, EventTrust> onTrust) {
    this.observer = observer;
    this.onTrust = onTrust;
    fleet.listen(this::follow);
  }

  @Override
  public void routed(Routed routed) {
    ReplicaRecord entry = entry(routed.replica());
    boolean exact = routed.mode().isExact();
    entry.usedHits.routed(exact, routed.match().promptTokens(), routed.match().tokens());
    boolean whole = exact && entry.knowledge.stream() == EventTrust.COMPLETE;
    entry.eventHits.routed(whole, routed.match().promptTokens(), routed.match().eventTokens());
  }

  @Override
  public void finished(Finished finished) {
    Routed routed = finished.routed();
    ReplicaRecord entry = entry(routed.replica());
    if (finished.filledBlocks() > 0) {
      entry.knowledge.blocksFilled();
    }
    int cached = finished.cachedTokens();
    if (cached < 0 || !routed.mode().isExact()) {
      return;
    }
    int prompt = finished.promptTokens();
    HitAccuracy.Verdict used = entry.usedHits.answered(prompt, routed.match().tokens(), cached);
    int byEvents = routed.match().eventTokens();
    EventTrust stream = byEvents < 0 ? EventTrust.NONE : entry.knowledge.stream();
    if (stream != EventTrust.NONE) {
      boolean whole = stream == EventTrust.COMPLETE;
      entry.eventHits.answered(prompt, whole ? byEvents : Math.max(cached, byEvents), cached);
    }
    publish(routed.replica(), entry, Witness.USAGE, used);
  }

  @Override
  public void session(boolean stayed) {}

  /**
   * The replica's counters were scraped.
   *
   * @param queryTokens prompt tokens looked up since the engine started
   * @param hitTokens of these, tokens found in the cache
   */
  public void scraped(ReplicaId replica, double queryTokens, double hitTokens) {
    ReplicaRecord entry = entry(replica);
    HitAccuracy.Verdict used = entry.usedHits.scraped(queryTokens, hitTokens);
    entry.eventHits.scraped(queryTokens, hitTokens);
    publish(replica, entry, Witness.COUNTERS, used);
  }

  /** The present source of knowledge of the replica's cache. */
  public KnowledgeState state(ReplicaId replica) {
    return of(replica).state();
  }

  /** The state of the replica's events. */
  ReplicaKnowledge of(ReplicaId replica) {
    return entry(replica).knowledge;
  }

  /** The replica's events come from another process: forgets all comparisons with the old one. */
  void restarted(ReplicaId replica) {
    ReplicaRecord entry = entry(replica);
    entry.reset();
    entry.knowledge.restarted();
    dispute(replica, entry, false);
  }

  /** Drops replicas that have left, and comparisons with processes that have ended. */
  private void follow(FleetSnapshot fleet) {
    replicas.keySet().removeIf(id -> fleet.replica(id) == null);
    replicas.forEach(
        (id, entry) -> {
          ReplicaView view = fleet.replica(id);
          if (view != null && view.restarts() != entry.restarts) {
            entry.restarts = view.restarts();
            entry.reset();
            dispute(id, entry, false);
          }
        });
  }

  private void publish(
      ReplicaId replica, ReplicaRecord entry, Witness witness, HitAccuracy.Verdict used) {
    if (used.disagrees()) {
      observer.disagreed(replica, witness);
    }
    if (used.lost()) {
      observer.lost(replica);
    }
    boolean contradicted = entry.eventHits.isDisputed();
    entry.knowledge.disputed(contradicted);
    dispute(replica, entry, contradicted || entry.usedHits.isDisputed());
  }

  private void dispute(ReplicaId replica, ReplicaRecord entry, boolean disputed) {
    synchronized (entry) {
      if (entry.disputed == disputed) {
        return;
      }
      entry.disputed = disputed;
    }
    observer.disputed(replica, disputed);
  }

  private ReplicaRecord entry(ReplicaId replica) {
    ReplicaRecord known = replicas.get(replica);
    return known != null
        ? known
        : replicas.computeIfAbsent(replica, id -> new ReplicaRecord(id, onTrust));
  }
}
