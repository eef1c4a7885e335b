package io.kvroute.router.app;

import io.kvroute.router.fleet.EngineFacts;
import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.prompt.ModelEncoders;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Tells the encoders which models replicas serve: at once when a replica says something new, and
 * now and then in any case, so that what failed to load is tried again.
 */
final class ModelWatch implements AutoCloseable {

  private static final long AGAIN_SECONDS = 60;

  private final ModelEncoders encoders;
  private final Guards guards;
  private final Map<ReplicaId, Guard> guardOf = new ConcurrentHashMap<>();
  private final Future<?> again;

  /** What was told last; confined to the fleet's listeners, which are called one at a time. */
  private final Map<ReplicaId, EngineFacts> told = new HashMap<>();

  /** Begins to tell. */
  ModelWatch(
      Fleet fleet, ModelEncoders encoders, ScheduledExecutorService scheduler, Guards guards) {
    this.encoders = encoders;
    this.guards = guards;
    this.again =
        scheduler.scheduleWithFixedDelay(
            () -> fleet.snapshot().replicas().forEach(this::tell),
            AGAIN_SECONDS,
            AGAIN_SECONDS,
            TimeUnit.SECONDS);
    fleet.listen(this::follow);
  }

  @Override
  public void close() {
    again.cancel(true);
  }

  private void follow(FleetSnapshot snapshot) {
    for (ReplicaView view : snapshot.replicas()) {
      if (!view.facts().equals(told.put(view.id(), view.facts()))) {
        tell(view);
      }
    }
    if (told.size() > snapshot.replicas().size()) {
      told.keySet().removeIf(id -> snapshot.replica(id) == null);
      guardOf.keySet().removeIf(id -> snapshot.replica(id) == null);
    }
  }

  /** What fails is tried again in any case. */
  private void tell(ReplicaView view) {
    guardOf
        .computeIfAbsent(view.id(), id -> guards.guard("model-watch", id))
        .run(() -> tell(view.facts()));
  }

  private void tell(EngineFacts facts) {
    facts.models().forEach(model -> encoders.served(model.id(), model.root(), model.parent()));
  }
}
