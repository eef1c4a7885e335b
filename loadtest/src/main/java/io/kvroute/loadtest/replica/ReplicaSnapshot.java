package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.EngineStats;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A replica's state at one moment, for tests: {@code GET /control/stats}.
 *
 * @param engine state and counters of its engine
 * @param requests its latest requests, oldest first
 */
public record ReplicaSnapshot(EngineStats engine, List<Request> requests) {

  /**
   * One request.
   *
   * @param id its number in this replica, from 0
   * @param promptTokens its prompt's
   * @param cachedTokens reused of them; 0 before its first token
   * @param answerTokens generated so far
   * @param state {@code waiting}, {@code running}, {@code stop}, {@code length} or {@code abort}
   */
  public record Request(
      long id, int promptTokens, int cachedTokens, int answerTokens, String state) {}

  public ReplicaSnapshot {
    requests = List.copyOf(requests);
  }

  /** Requests that ended by themselves or at their limit. */
  public long finished() {
    return engine.stopped() + engine.reachedLength();
  }

  String json() {
    return "{\"running\":%d,\"waiting\":%d,\"finished\":%d,\"aborted\":%d,\"used_blocks\":%d,\"requests\":[%s]}"
        .formatted(
            engine.running(),
            engine.waiting(),
            finished(),
            engine.aborted(),
            engine.usedBlocks(),
            requests.stream().map(ReplicaSnapshot::json).collect(Collectors.joining(",")));
  }

  private static String json(Request r) {
    return "{\"id\":%d,\"prompt_tokens\":%d,\"cached_tokens\":%d,\"answer_tokens\":%d,\"state\":\"%s\"}"
        .formatted(r.id(), r.promptTokens(), r.cachedTokens(), r.answerTokens(), r.state());
  }
}
