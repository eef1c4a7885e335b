package io.kvroute.router.app;

import io.kvroute.router.fleet.Fleet;
import io.kvroute.router.fleet.FleetSnapshot;
import io.kvroute.router.fleet.ReplicaId;
import io.kvroute.router.fleet.ReplicaState;
import io.kvroute.router.fleet.ReplicaView;
import io.kvroute.router.fleet.ServedModel;
import io.kvroute.router.guard.Guard;
import io.kvroute.router.guard.Guards;
import io.kvroute.router.guard.PartGuards;
import io.kvroute.router.probe.TokenizeClient;
import io.kvroute.router.prompt.SelfCheck;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Checks each model's tokens on each replica once, when the replica joins or restarts, and stores
 * the findings. If a replica cannot be asked, the check is retried while the replica is up.
 * Thread-safe.
 */
final class SelfChecks implements AutoCloseable {

  private static final String TASK = "self-checks";
  private static final long ROUND_SECONDS = 1;

  /** A newly started engine takes long for its first answer. */
  private static final long DEADLINE_MILLIS = 5_000;

  /** One model on one run of one replica. */
  private record Subject(ReplicaId replica, String model, int restarts) {}

  private sealed interface Progress {
    record Running() implements Progress {}

    record Done(SelfCheck.Findings findings) implements Progress {}
  }

  private static final Progress.Running RUNNING = new Progress.Running();

  private final Fleet fleet;
  private final SelfCheck check;
  private final TokenizeClient client;
  private final Future<?> rounds;
  private final Map<Subject, Progress> progress = new ConcurrentHashMap<>();

  /** Subjects without a local tokenizer whose engine was sent its first request. */
  private final Set<Subject> warmedUp = new HashSet<>();

  private final PartGuards<ReplicaId> guardOf;

  /** Starts checking. */
  SelfChecks(
      Fleet fleet,
      SelfCheck check,
      TokenizeClient client,
      ScheduledExecutorService scheduler,
      Guards guards) {
    this.fleet = fleet;
    this.check = check;
    this.client = client;
    this.guardOf = guards.parts(TASK);
    Guard all = guards.guard(TASK, "all replicas");
    this.rounds =
        scheduler.scheduleWithFixedDelay(
            () -> all.run(this::round), ROUND_SECONDS, ROUND_SECONDS, TimeUnit.SECONDS);
  }

  /** The differences found for a replica's models, in words. */
  List<String> warnings(ReplicaId id) {
    return progress.entrySet().stream()
        .filter(entry -> entry.getKey().replica().equals(id))
        .filter(entry -> isCurrent(entry.getKey(), fleet.snapshot()))
        .map(Map.Entry::getValue)
        .filter(Progress.Done.class::isInstance)
        .flatMap(done -> ((Progress.Done) done).findings().warnings().stream())
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    rounds.cancel(true);
  }

  private void round() {
    FleetSnapshot snapshot = fleet.snapshot();
    progress.keySet().removeIf(subject -> isOver(subject, snapshot));
    warmedUp.removeIf(subject -> !isCurrent(subject, snapshot));
    guardOf.retainIf(id -> snapshot.replica(id) != null);
    for (ReplicaView view : snapshot.replicas()) {
      if (view.state() != ReplicaState.UP) {
        continue;
      }
      for (ServedModel model : view.facts().models()) {
        Subject subject = new Subject(view.id(), model.id(), view.restarts());
        Guard guard = guardOf.of(view.id());
        if (!guard.isBackingOff() && !guard.run(() -> begin(subject))) {
          progress.remove(subject);
        }
      }
    }
  }

  /** Starts a check, or only warms the engine up if there is no local tokenizer to compare with. */
  @SuppressWarnings("FutureReturnValueIgnored") // the map progress shows its end
  private void begin(Subject subject) {
    if (progress.containsKey(subject) || !client.canAsk(subject.replica())) {
      return;
    }
    SelfCheck.TokenizeEndpoint engine =
        body -> client.ask(subject.replica(), body, DEADLINE_MILLIS);
    if (!check.canCheck(subject.model())) {
      if (warmedUp.add(subject)) {
        check.warmUp(subject.model(), engine);
      }
      return;
    }
    progress.put(subject, RUNNING);
    check
        .check(subject.replica().value(), subject.model(), engine)
        .thenAccept(
            findings -> {
              if (findings.compared() == 0) {
                progress.remove(subject);
              } else {
                progress.replace(subject, RUNNING, new Progress.Done(findings));
              }
            });
  }

  private boolean isOver(Subject subject, FleetSnapshot snapshot) {
    if (isCurrent(subject, snapshot)) {
      return false;
    }
    if (snapshot.replica(subject.replica()) == null) {
      check.forget(subject.replica().value());
    }
    return true;
  }

  private static boolean isCurrent(Subject subject, FleetSnapshot snapshot) {
    ReplicaView view = snapshot.replica(subject.replica());
    return view != null && view.restarts() == subject.restarts();
  }
}
