package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineStats;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A replica's state at one moment, for tests: {@code GET /control/stats}.
 *
 * @param engine state and counters of the engine
 * @param requests the latest requests, oldest first
 */
public record ReplicaSnapshot(EngineStats engine, List<Request> requests) {

  /**
   * One request.
   *
   * @param id number in this replica, from 0
   * @param promptTokens tokens of the prompt
   * @param cachedTokens prompt tokens found in the cache; 0 before the first token
   * @param answerTokens tokens generated so far
   * @param state {@code waiting}, {@code running}, {@code stop}, {@code length} or {@code abort}
   */
  public record Request(
      long id, int promptTokens, int cachedTokens, int answerTokens, String state) {}

  public ReplicaSnapshot {
    requests = List.copyOf(requests);
  }

  /** The number of requests that ended with an end token or at their limit. */
  public long finished() {
    return engine.finished().stopped() + engine.finished().reachedLength();
  }

  String json() {
    return "{\"running\":%d,\"waiting\":%d,\"finished\":%d,\"aborted\":%d,\"used_blocks\":%d,\"requests\":[%s]}"
        .formatted(
            engine.running(),
            engine.waiting(),
            finished(),
            engine.finished().aborted(),
            engine.blocks().used(),
            requests.stream().map(ReplicaSnapshot::json).collect(Collectors.joining(",")));
  }

  private static String json(Request r) {
    return "{\"id\":%d,\"prompt_tokens\":%d,\"cached_tokens\":%d,\"answer_tokens\":%d,\"state\":\"%s\"}"
        .formatted(r.id(), r.promptTokens(), r.cachedTokens(), r.answerTokens(), r.state());
  }
}
