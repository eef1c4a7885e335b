package io.kvroute.router.learn;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.keys.PromptMode;
import io.kvroute.router.learn.KnowledgeObserver.Witness;
import io.kvroute.router.route.EventTrust;
import io.kvroute.router.route.RouteObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Holds what was believed of replicas' caches against what engines report of them: the cached
 * tokens of single answers, and the counters of queried and hit tokens in their metrics. Only
 * prompts whose tokens are known exactly count. A replica's events are judged by themselves too,
 * whether they are believed or not, and believed as long as they are not contradicted. Thread-safe.
 */
public final class KnowledgeCheck implements RouteObserver {

  private final KnowledgeObserver observer;
  private final BiConsumer<ReplicaId, EventTrust> believe;
  private final Map<ReplicaId, Subject> replicas = new ConcurrentHashMap<>();

  /** One replica's case. */
  private static final class Subject {
    private final ReplicaKnowledge knowledge;
    private volatile int restarts;
    private volatile Evidence used = new Evidence();
    private volatile Evidence told = new Evidence();
    private boolean disputed;

    /** What speaks against one kind of knowledge is not held against the other. */
    Subject(ReplicaId replica, BiConsumer<ReplicaId, EventTrust> believe) {
      this.knowledge =
          new ReplicaKnowledge(
              replica.value(),
              trust -> {
                used = new Evidence();
                believe.accept(replica, trust);
              },
              System::nanoTime,
              System::currentTimeMillis);
    }

    void acquit() {
      used = new Evidence();
      told = new Evidence();
    }
  }

  /**
   * A check that knows the replicas of {@code fleet}.
   *
   * @param believe told how far a replica's events are believed, whenever that changes
   */
  public KnowledgeCheck(
      Fleet fleet, KnowledgeObserver observer, BiConsumer<ReplicaId, EventTrust> believe) {
    this.observer = observer;
    this.believe = believe;
    fleet.listen(this::follow);
  }

  @Override
  public void routed(Routed routed) {
    Subject subject = subject(routed.replica());
    boolean exact = isExact(routed.mode());
    subject.used.routed(exact, routed.match().promptTokens(), routed.match().tokens());
    boolean whole = exact && subject.knowledge.stream() == EventTrust.COMPLETE;
    subject.told.routed(whole, routed.match().promptTokens(), routed.match().eventTokens());
  }

  @Override
  public void finished(Finished finished) {
    Routed routed = finished.routed();
    Subject subject = subject(routed.replica());
    if (finished.filledBlocks() > 0) {
      subject.knowledge.filled();
    }
    int cached = finished.cachedTokens();
    if (cached < 0 || !isExact(routed.mode())) {
      return;
    }
    int prompt = finished.promptTokens();
    Evidence.Verdict used = subject.used.reported(prompt, routed.match().tokens(), cached);
    int told = routed.match().eventTokens();
    EventTrust stream = told < 0 ? EventTrust.NONE : subject.knowledge.stream();
    if (stream != EventTrust.NONE) {
      boolean whole = stream == EventTrust.COMPLETE;
      subject.told.reported(prompt, whole ? told : Math.max(cached, told), cached);
    }
    tell(routed.replica(), subject, Witness.USAGE, used);
  }

  @Override
  public void session(boolean stayed) {}

  /**
   * A scrape of the replica's counters has come.
   *
   * @param queryTokens prompt tokens looked up since the engine started
   * @param hitTokens those found
   */
  public void scraped(ReplicaId replica, double queryTokens, double hitTokens) {
    Subject subject = subject(replica);
    Evidence.Verdict used = subject.used.scraped(queryTokens, hitTokens);
    subject.told.scraped(queryTokens, hitTokens);
    tell(replica, subject, Witness.COUNTERS, used);
  }

  /** How the replica's cache is known. */
  public KnowledgeState state(ReplicaId replica) {
    return of(replica).state();
  }

  /** Whether the replica's events are believed. */
  ReplicaKnowledge of(ReplicaId replica) {
    return subject(replica).knowledge;
  }

  /** The replica's events come from another process, of which nothing was judged yet. */
  void restarted(ReplicaId replica) {
    Subject subject = subject(replica);
    subject.acquit();
    subject.knowledge.restarted();
    dispute(replica, subject, false);
  }

  /** Forgets replicas that are gone, and what was held against the processes that are. */
  private void follow(FleetSnapshot fleet) {
    replicas.keySet().removeIf(id -> fleet.replica(id) == null);
    replicas.forEach(
        (id, subject) -> {
          ReplicaView view = fleet.replica(id);
          if (view != null && view.restarts() != subject.restarts) {
            subject.restarts = view.restarts();
            subject.acquit();
            dispute(id, subject, false);
          }
        });
  }

  private void tell(ReplicaId replica, Subject subject, Witness witness, Evidence.Verdict used) {
    if (used.disagrees()) {
      observer.disagreed(replica, witness);
    }
    if (used.lost()) {
      observer.lost(replica);
    }
    boolean contradicted = subject.told.isDisputed();
    subject.knowledge.disputed(contradicted);
    dispute(replica, subject, contradicted || subject.used.isDisputed());
  }

  private void dispute(ReplicaId replica, Subject subject, boolean disputed) {
    synchronized (subject) {
      if (subject.disputed == disputed) {
        return;
      }
      subject.disputed = disputed;
    }
    observer.disputed(replica, disputed);
  }

  private Subject subject(ReplicaId replica) {
    Subject known = replicas.get(replica);
    return known != null
        ? known
        : replicas.computeIfAbsent(replica, id -> new Subject(id, believe));
  }

  private static boolean isExact(PromptMode mode) {
    return mode == PromptMode.TOKENS || mode == PromptMode.ENGINE_TOKENS;
  }
}
