package io.kvroute.router.probe;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.Replica;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.Guards;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Probes replicas and reports to the fleet whether each is up, which models it serves, how large
 * its cache is, how busy it is, and when it started. Uses one thread for all replicas, which never
 * blocks. Thread-safe.
 */
public final class Probes implements AutoCloseable {

  private final Fleet fleet;
  private final CacheCounters counters;
  private final ProbeSettings settings;
  private final ScheduledExecutorService scheduler;
  private final ProbeClient client;
  private final Guards guards;
  private final Map<ReplicaId, ReplicaProbe> probes = new ConcurrentHashMap<>();

  /** Probes that report to {@code fleet}; none runs until a replica is watched. */
  public Probes(Fleet fleet, CacheCounters counters, ProbeSettings settings, Guards guards) {
    this.guards = guards;
    this.fleet = fleet;
    this.counters = counters;
    this.settings = settings;
    this.scheduler =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              Thread thread = new Thread(work, "probes");
              thread.setDaemon(true);
              return thread;
            });
    this.client = new ProbeClient(settings, scheduler);
  }

  /** Starts to probe a replica of the fleet. */
  public synchronized void watch(Replica replica) {
    ReplicaProbe probe =
        new ReplicaProbe(
            replica,
            fleet,
            counters,
            client,
            settings,
            scheduler,
            guards.guard("probes", replica.id()));
    ReplicaProbe before = probes.put(replica.id(), probe);
    if (before != null) {
      before.stop();
    }
    run(probe);
  }

  /** A request to the replica has just failed: probes it at once. */
  public synchronized void suspect(ReplicaId id) {
    ReplicaProbe probe = probes.get(id);
    if (probe != null) {
      run(probe);
    }
  }

  /**
   * The replica has answered a request completely. A replica that answers is not asked for its
   * health in that round: beside real engines, idle probes took as much CPU as a tenth of the
   * requests.
   */
  public void answered(ReplicaId id) {
    ReplicaProbe probe = probes.get(id);
    if (probe != null) {
      probe.answered();
    }
  }

  private void run(ReplicaProbe probe) {
    try {
      scheduler.execute(probe::roundWithMetrics);
    } catch (RejectedExecutionException e) {
      probe.stop();
    }
  }

  /** Stops all probes at once. */
  @Override
  public void close() {
    client.close();
    scheduler.shutdownNow();
  }
}
