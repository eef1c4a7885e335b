package io.kvroute.router.prompt;

import io.kvroute.router.keys.PromptMode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mode on which each kind of request to each model was last routed, for {@code /replicas}; and,
 * once for each of them, for the log. Thread-safe.
 */
final class PromptModes {

  private static final Logger log = LoggerFactory.getLogger(PromptModes.class);

  private record Way(String model, PromptKind kind) {}

  private record Said(Way way, PromptMode mode) {}

  private final ConcurrentMap<Way, PromptMode> last = new ConcurrentHashMap<>();
  private final Set<Said> said = ConcurrentHashMap.newKeySet();

  /**
   * A request took a mode.
   *
   * @param why what kept it from a better one; empty where nothing did
   */
  void took(String model, PromptKind kind, PromptMode mode, String why) {
    Way way = new Way(model, kind);
    if (last.put(way, mode) == mode || !said.add(new Said(way, mode))) {
      return;
    }
    if (why.isEmpty()) {
      log.info("model {}, {} requests: routed by {}", model, kind.label(), mode.label());
    } else {
      log.warn("model {}, {} requests: routed by {}: {}", model, kind.label(), mode.label(), why);
    }
  }

  /** The modes last taken, by model and kind. */
  Map<String, Map<PromptKind, PromptMode>> snapshot() {
    Map<String, Map<PromptKind, PromptMode>> modes = new TreeMap<>();
    last.forEach(
        (way, mode) ->
            modes
                .computeIfAbsent(way.model(), model -> new EnumMap<>(PromptKind.class))
                .put(way.kind(), mode));
    return modes;
  }
}
