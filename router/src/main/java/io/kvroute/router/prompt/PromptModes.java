package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mode in which each kind of request to each model was last routed, for {@code /replicas}. Logs
 * the first use of each mode, and why no more exact mode was available. Thread-safe.
 */
final class PromptModes {

  private static final Logger log = LoggerFactory.getLogger(PromptModes.class);

  private record LoggedMode(ModelAndKind requests, PromptMode mode) {}

  private final ConcurrentMap<ModelAndKind, PromptMode> last = new ConcurrentHashMap<>();
  private final Set<LoggedMode> logged = ConcurrentHashMap.newKeySet();

  /**
   * Records the mode of a request.
   *
   * @param why why no more exact mode was available; empty if this is the best
   */
  void record(String model, PromptKind kind, PromptMode mode, String why) {
    ModelAndKind requests = new ModelAndKind(model, kind);
    if (last.put(requests, mode) == mode || !logged.add(new LoggedMode(requests, mode))) {
      return;
    }
    if (why.isEmpty()) {
      log.info("model {}: {} requests are routed by {}", model, kind.label(), mode.label());
    } else {
      log.warn(
          "model {}: a {} request was routed by {}; reason: {}",
          model,
          kind.label(),
          mode.label(),
          why);
    }
  }

  /** The mode last used; null if there was no such request. */
  @Nullable PromptMode last(String model, PromptKind kind) {
    return last.get(new ModelAndKind(model, kind));
  }

  /** The modes last used, by model and kind. */
  Map<String, Map<PromptKind, PromptMode>> snapshot() {
    Map<String, Map<PromptKind, PromptMode>> modes = new TreeMap<>();
    last.forEach(
        (requests, mode) ->
            modes
                .computeIfAbsent(requests.model(), model -> new EnumMap<>(PromptKind.class))
                .put(requests.kind(), mode));
    return modes;
  }
}
