package io.kvroute.router.app;

import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.route.FleetRouter;
import io.kvroute.router.route.Health;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the router judge the progress of all replicas four times a second, on a thread of its own;
 * logs what changes, and has a replica probed at once that is not well.
 */
final class ProgressWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ProgressWatch.class);
  private static final long PERIOD_MILLIS = 250;

  private final FleetRouter router;
  private final Consumer<ReplicaId> probe;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("progress").factory());

  /** Starts watching; {@code probe} probes a replica at once. */
  @SuppressWarnings("FutureReturnValueIgnored") // the guard reports failures
  ProgressWatch(FleetRouter router, Consumer<ReplicaId> probe, Guards guards) {
    this.router = router;
    this.probe = probe;
    Guard guard = guards.guard("progress", "replicas");
    thread.scheduleWithFixedDelay(
        () -> guard.run(this::watch), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void watch() {
    router.watch().forEach(this::changed);
  }

  private void changed(ReplicaId id, Health health) {
    switch (health.state()) {
      case WELL -> log.info("replica {}: its engine makes progress again", id);
      case SUSPECT -> {
        log.info("replica {}: a request failed: {}", id, health.reason());
        probe.accept(id);
      }
      case OUT -> {
        log.warn("replica {} is out of rotation: {}", id, health.reason());
        probe.accept(id);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
