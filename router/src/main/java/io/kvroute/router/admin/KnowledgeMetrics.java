package io.kvroute.router.admin;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.learn.KnowledgeObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs disagreements between the cache hits that engines report and those that the
 * router predicted. Thread-safe.
 */
public final class KnowledgeMetrics implements KnowledgeObserver {

  private static final Logger log = LoggerFactory.getLogger(KnowledgeMetrics.class);

  private record Key(ReplicaId replica, Witness witness) {}

  private final MeterRegistry registry;
  private final Consumer<ReplicaId> whenLost;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Set<ReplicaId> inDispute = ConcurrentHashMap.newKeySet();

  /**
   * Creates the meters.
   *
   * @param whenLost called for replicas whose cache turned out to be lost
   */
  public KnowledgeMetrics(MeterRegistry registry, Consumer<ReplicaId> whenLost) {
    this.registry = registry;
    this.whenLost = whenLost;
  }

  @Override
  public void disagreed(ReplicaId replica, Witness witness) {
    counters.computeIfAbsent(new Key(replica, witness), this::counter).increment();
  }

  @Override
  public void disputed(ReplicaId replica, boolean disputed) {
    if (disputed) {
      inDispute.add(replica);
      log.warn(
          "replica {}: the cache hits that its engine reports differ from the predicted ones, request after request; requests may miss cached prefixes there",
          replica);
    } else {
      inDispute.remove(replica);
      log.info(
          "replica {}: the cache hits that its engine reports match the predicted ones again",
          replica);
    }
  }

  @Override
  public void lost(ReplicaId replica) {
    whenLost.accept(replica);
  }

  /**
   * Whether the cache hits that the replica reports differ from the predicted ones, request after
   * request.
   */
  public boolean isDisputed(ReplicaId replica) {
    return inDispute.contains(replica);
  }

  /** Removes the meters of replicas that have left. */
  void keepOnly(Set<ReplicaId> present) {
    inDispute.retainAll(present);
    counters
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !present.contains(entry.getKey().replica());
              if (gone) {
                registry.remove(entry.getValue());
              }
              return gone;
            });
  }

  private Counter counter(Key key) {
    return registry.counter(
        "kvroute.knowledge.disagreements",
        "replica",
        key.replica().value(),
        "witness",
        key.witness().name().toLowerCase(Locale.ROOT));
  }
}
