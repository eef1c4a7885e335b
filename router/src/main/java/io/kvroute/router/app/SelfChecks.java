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
 * Checks the tokens of each model on each replica once, when the replica joins or has restarted,
 * and keeps what was found. Where a replica could not be asked, it is tried again while it is up.
 */
final class SelfChecks implements AutoCloseable {

  private static final String TASK = "self-checks";
  private static final long ROUND_SECONDS = 1;

  /** An engine that has just started is slow to answer its first question. */
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

  /** Replicas that were asked a first question for a model that is not tokenized here. */
  private final Set<Subject> greeted = new HashSet<>();

  private final PartGuards<ReplicaId> guardOf;

  /** Begins to check. */
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

  /** What is wrong with the tokens of a replica's models, for people. */
  List<String> warnings(ReplicaId id) {
    return progress.entrySet().stream()
        .filter(entry -> entry.getKey().replica().equals(id))
        .filter(entry -> isNow(entry.getKey(), fleet.snapshot()))
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
    greeted.removeIf(subject -> !isNow(subject, snapshot));
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

  /** Checks where there is something to compare and nothing was compared; else only greets. */
  @SuppressWarnings("FutureReturnValueIgnored") // its end is in progress
  private void begin(Subject subject) {
    if (progress.containsKey(subject) || !client.canAsk(subject.replica())) {
      return;
    }
    SelfCheck.Engine engine = question -> client.ask(subject.replica(), question, DEADLINE_MILLIS);
    if (!check.canCheck(subject.model())) {
      if (greeted.add(subject)) {
        check.greet(subject.model(), engine);
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
    if (isNow(subject, snapshot)) {
      return false;
    }
    if (snapshot.replica(subject.replica()) == null) {
      check.forget(subject.replica().value());
    }
    return true;
  }

  private static boolean isNow(Subject subject, FleetSnapshot snapshot) {
    ReplicaView view = snapshot.replica(subject.replica());
    return view != null && view.restarts() == subject.restarts();
  }
}
