package io.kvroute.loadtest.replica;

import io.kvroute.loadtest.engine.FinishReason;
import io.kvroute.loadtest.replica.ReplicaSnapshot.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of an engine's latest requests, for tests. Used by the engine's loop only. */
final class RequestLog {

  private static final int KEPT = 1_000;

  private final Map<Long, Request> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Request> eldest) {
          return size() > KEPT;
        }
      };

  void submitted(long id, int promptTokens) {
    entries.put(id, new Request(id, promptTokens, 0, 0, "waiting"));
  }

  void token(long id, int cachedTokens, @Nullable FinishReason finish) {
    String state =
        switch (finish) {
          case null -> "running";
          case STOP -> "stop";
          case LENGTH -> "length";
          case ABORT -> "abort";
        };
    entries.computeIfPresent(
        id,
        (key, e) -> new Request(id, e.promptTokens(), cachedTokens, e.answerTokens() + 1, state));
  }

  void aborted(long id) {
    entries.computeIfPresent(
        id,
        (key, e) -> new Request(id, e.promptTokens(), e.cachedTokens(), e.answerTokens(), "abort"));
  }

  /** The latest requests, oldest first. */
  List<Request> requests() {
    return new ArrayList<>(entries.values());
  }
}
