package io.kvroute.router.app;

import io.kvroute.router.fleet.CacheNames;
import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.guard.PartGuards;
import io.kvroute.router.prompt.ModelEncoders;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports to the encoders which models replicas serve: at once when a replica reports something
 * new, and once a minute, so that failed loads are retried. Warns if replicas disagree on which
 * names belong to one model.
 */
final class ModelWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);
  private static final long REPORT_SECONDS = 60;

  private final ModelEncoders encoders;
  private final PartGuards<ReplicaId> guardOf;
  private final Future<?> periodic;

  /** The facts reported last. Confined to the fleet's listeners, which are called one at a time. */
  private final Map<ReplicaId, EngineFacts> reported = new HashMap<>();

  /** The cache names reported last. Confined to the fleet's listeners, like {@link #reported}. */
  private @Nullable CacheNames names;

  /** Starts reporting. */
  ModelWatch(
      Fleet fleet, ModelEncoders encoders, ScheduledExecutorService scheduler, Guards guards) {
    this.encoders = encoders;
    this.guardOf = guards.parts("model-watch");
    this.periodic =
        scheduler.scheduleWithFixedDelay(
            () -> report(fleet.snapshot()), REPORT_SECONDS, REPORT_SECONDS, TimeUnit.SECONDS);
    fleet.listen(this::onSnapshot);
  }

  @Override
  public void close() {
    periodic.cancel(true);
  }

  private void onSnapshot(FleetSnapshot snapshot) {
    CacheNames now = snapshot.cacheNames();
    if (now != names) {
      warn(now.disputed(), names == null ? Set.of() : names.disputed());
      names = now;
      reported.clear();
    }
    for (ReplicaView view : snapshot.replicas()) {
      if (!view.facts().equals(reported.put(view.id(), view.facts()))) {
        report(view, now);
      }
    }
    if (reported.size() > snapshot.replicas().size()) {
      reported.keySet().removeIf(id -> snapshot.replica(id) == null);
      guardOf.retainIf(id -> snapshot.replica(id) != null);
    }
  }

  private static void warn(Set<String> disputed, Set<String> disputedBefore) {
    if (!disputed.isEmpty() && !disputed.equals(disputedBefore)) {
      log.warn(
          "models {}: some replicas serve these names for one model, others for different models;"
              + " prefixes cached under one name are not reused under another",
          disputed);
    }
  }

  private void report(FleetSnapshot snapshot) {
    snapshot.replicas().forEach(view -> report(view, snapshot.cacheNames()));
  }

  /** Reports one replica. A failure is retried at the next report. */
  private void report(ReplicaView view, CacheNames cacheNames) {
    guardOf.of(view.id()).run(() -> report(view.facts(), cacheNames));
  }

  private void report(EngineFacts facts, CacheNames cacheNames) {
    for (ServedModel model : facts.models()) {
      encoders.served(cacheNames.namesOf(model.id()), model.root(), model.parent());
    }
  }
}
