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
 * Tells the encoders which models replicas serve: at once when a replica says something new, and
 * now and then in any case, so that what failed to load is tried again. Warns where replicas differ
 * in which names are one model.
 */
final class ModelWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);
  private static final long AGAIN_SECONDS = 60;

  private final ModelEncoders encoders;
  private final PartGuards<ReplicaId> guardOf;
  private final Future<?> again;

  /** What was told last; confined to the fleet's listeners, which are called one at a time. */
  private final Map<ReplicaId, EngineFacts> told = new HashMap<>();

  /** With what names it was told; confined as {@link #told} is. */
  private @Nullable CacheNames names;

  /** Begins to tell. */
  ModelWatch(
      Fleet fleet, ModelEncoders encoders, ScheduledExecutorService scheduler, Guards guards) {
    this.encoders = encoders;
    this.guardOf = guards.parts("model-watch");
    this.again =
        scheduler.scheduleWithFixedDelay(
            () -> tell(fleet.snapshot()), AGAIN_SECONDS, AGAIN_SECONDS, TimeUnit.SECONDS);
    fleet.listen(this::follow);
  }

  @Override
  public void close() {
    again.cancel(true);
  }

  private void follow(FleetSnapshot snapshot) {
    CacheNames now = snapshot.cacheNames();
    if (now != names) {
      warn(now.disputed(), names == null ? Set.of() : names.disputed());
      names = now;
      told.clear();
    }
    for (ReplicaView view : snapshot.replicas()) {
      if (!view.facts().equals(told.put(view.id(), view.facts()))) {
        tell(view, now);
      }
    }
    if (told.size() > snapshot.replicas().size()) {
      told.keySet().removeIf(id -> snapshot.replica(id) == null);
      guardOf.retainIf(id -> snapshot.replica(id) != null);
    }
  }

  private static void warn(Set<String> disputed, Set<String> disputedBefore) {
    if (!disputed.isEmpty() && !disputed.equals(disputedBefore)) {
      log.warn(
          "models {}: names of one model to some replicas and of different ones to others; their"
              + " prefixes are kept apart",
          disputed);
    }
  }

  private void tell(FleetSnapshot snapshot) {
    snapshot.replicas().forEach(view -> tell(view, snapshot.cacheNames()));
  }

  /** What fails is tried again in any case. */
  private void tell(ReplicaView view, CacheNames cacheNames) {
    guardOf.of(view.id()).run(() -> tell(view.facts(), cacheNames));
  }

  private void tell(EngineFacts facts, CacheNames cacheNames) {
    for (ServedModel model : facts.models()) {
      encoders.served(cacheNames.namesOf(model.id()), model.root(), model.parent());
    }
  }
}
