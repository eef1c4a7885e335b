package io.kvroute.router.learn;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.index.Rung;
import io.kvroute.router.learn.KnowledgeObserver.Witness;
import io.kvroute.router.route.RouteObserver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds what was believed of replicas' caches against what engines report of them: the cached
 * tokens of single answers, and the counters of queried and hit tokens in their metrics. Only
 * prompts whose tokens are known exactly count. Thread-safe.
 */
public final class KnowledgeCheck implements RouteObserver {

  private final KnowledgeObserver observer;
  private final Map<ReplicaId, Evidence> replicas = new ConcurrentHashMap<>();

  /** A check that knows the replicas of {@code fleet}. */
  public KnowledgeCheck(Fleet fleet, KnowledgeObserver observer) {
    this.observer = observer;
    fleet.listen(this::follow);
  }

  @Override
  public void routed(Routed routed) {
    evidence(routed.replica())
        .routed(isExact(routed.rung()), routed.promptTokens(), routed.matchedTokens());
  }

  @Override
  public void finished(Finished finished) {
    if (finished.cachedTokens() >= 0 && isExact(finished.rung())) {
      Evidence evidence = evidence(finished.replica());
      tell(
          finished.replica(),
          Witness.USAGE,
          evidence.reported(
              finished.promptTokens(), finished.matchedTokens(), finished.cachedTokens()));
    }
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
    tell(replica, Witness.COUNTERS, evidence(replica).scraped(queryTokens, hitTokens));
  }

  /** Forgets replicas that are gone, whenever there are fewer than it knows. */
  private void follow(FleetSnapshot fleet) {
    if (replicas.size() > fleet.replicas().size()) {
      replicas.keySet().removeIf(id -> fleet.replica(id) == null);
    }
  }

  private void tell(ReplicaId replica, Witness witness, Evidence.Verdict verdict) {
    if (verdict.disagrees()) {
      observer.disagreed(replica, witness);
    }
    if (verdict.turned()) {
      observer.disputed(replica, verdict.disputed());
    }
    if (verdict.lost()) {
      observer.lost(replica);
    }
  }

  private Evidence evidence(ReplicaId replica) {
    Evidence known = replicas.get(replica);
    return known != null ? known : replicas.computeIfAbsent(replica, id -> new Evidence());
  }

  private static boolean isExact(Rung rung) {
    return rung == Rung.TOKENS || rung == Rung.ENGINE_TOKENS;
  }
}
