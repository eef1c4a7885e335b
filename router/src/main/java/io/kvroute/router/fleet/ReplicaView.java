package io.kvroute.router.fleet;

import java.util.List;

/**
 * What is known of a replica at one moment.
 *
 * @param restarts how often its engine was seen to have started again, each time with an empty
 *     cache
 * @param loadReports how often it told its load
 * @param warnings what is wrong with it, for people
 */
public record ReplicaView(
    Replica replica,
    ReplicaState state,
    EngineFacts facts,
    EngineLoad load,
    int restarts,
    long loadReports,
    List<String> warnings) {

  static ReplicaView unheard(Replica replica) {
    return new ReplicaView(
        replica, ReplicaState.STARTING, EngineFacts.NONE, EngineLoad.NONE, 0, 0, List.of());
  }

  public ReplicaId id() {
    return replica.id();
  }

  /** Whether it can be sent requests for {@code model} now. */
  public boolean ready(String model) {
    return state == ReplicaState.UP && facts.serves(model);
  }

  ReplicaView with(ReplicaState newState, List<String> newWarnings) {
    return new ReplicaView(
        replica, newState, facts, load, restarts, loadReports, List.copyOf(newWarnings));
  }

  /** It answers. One that was away and does not tell when it started may well have restarted. */
  ReplicaView up() {
    boolean perhapsRestarted = state == ReplicaState.DOWN && facts.startedAtSeconds() <= 0;
    return new ReplicaView(
        replica,
        ReplicaState.UP,
        facts,
        load,
        perhapsRestarted ? restarts + 1 : restarts,
        loadReports,
        List.of());
  }

  ReplicaView restarted() {
    return new ReplicaView(replica, state, facts, load, restarts + 1, loadReports, warnings);
  }

  ReplicaView with(EngineLoad newLoad) {
    return new ReplicaView(replica, state, facts, newLoad, restarts, loadReports + 1, warnings);
  }

  /** New facts; another start time than the last one known is a restart. */
  ReplicaView with(EngineFacts newFacts) {
    boolean restarted =
        facts.startedAtSeconds() > 0
            && newFacts.startedAtSeconds() > 0
            && facts.startedAtSeconds() != newFacts.startedAtSeconds();
    return new ReplicaView(
        replica, state, newFacts, load, restarted ? restarts + 1 : restarts, loadReports, warnings);
  }
}
