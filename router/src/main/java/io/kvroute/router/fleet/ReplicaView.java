package io.kvroute.router.fleet;

import java.util.List;

/**
 * A replica's state at one moment.
 *
 * @param health what probes and requests show; never {@link ReplicaState#DRAINING}
 * @param drained whether an operator keeps new requests away, whatever its health
 * @param restarts how often its engine has restarted, each time with an empty cache
 * @param loadReports how often the engine has reported its load
 * @param warnings texts for people about what is wrong with it
 */
public record ReplicaView(
    Replica replica,
    ReplicaState health,
    boolean drained,
    EngineFacts facts,
    EngineLoad load,
    int restarts,
    long loadReports,
    List<String> warnings) {

  static ReplicaView starting(Replica replica) {
    return new ReplicaView(
        replica, ReplicaState.STARTING, false, EngineFacts.NONE, EngineLoad.NONE, 0, 0, List.of());
  }

  public ReplicaId id() {
    return replica.id();
  }

  /** Its health, or {@link ReplicaState#DRAINING} while it is drained. */
  public ReplicaState state() {
    return drained ? ReplicaState.DRAINING : health;
  }

  /** Whether it can be sent requests for {@code model} now. */
  public boolean ready(String model) {
    return state() == ReplicaState.UP && facts.serves(model);
  }

  ReplicaView down(String reason) {
    return new ReplicaView(
        replica, ReplicaState.DOWN, drained, facts, load, restarts, loadReports, List.of(reason));
  }

  ReplicaView drained(boolean nowDrained) {
    return new ReplicaView(
        replica, health, nowDrained, facts, load, restarts, loadReports, warnings);
  }

  /**
   * The replica answers. An engine that did not answer before and does not report its start time
   * counts as restarted.
   */
  ReplicaView up() {
    boolean mayHaveRestarted = health == ReplicaState.DOWN && facts.startedAtSeconds() <= 0;
    return new ReplicaView(
        replica,
        ReplicaState.UP,
        drained,
        facts,
        load,
        mayHaveRestarted ? restarts + 1 : restarts,
        loadReports,
        List.of());
  }

  ReplicaView restarted() {
    return new ReplicaView(
        replica, health, drained, facts, load, restarts + 1, loadReports, warnings);
  }

  ReplicaView with(EngineLoad newLoad) {
    return new ReplicaView(
        replica, health, drained, facts, newLoad, restarts, loadReports + 1, warnings);
  }

  /** The replica with new facts; a start time that differs from the known one is a restart. */
  ReplicaView with(EngineFacts newFacts) {
    boolean restarted =
        facts.startedAtSeconds() > 0
            && newFacts.startedAtSeconds() > 0
            && facts.startedAtSeconds() != newFacts.startedAtSeconds();
    return new ReplicaView(
        replica,
        health,
        drained,
        newFacts,
        load,
        restarted ? restarts + 1 : restarts,
        loadReports,
        warnings);
  }
}
