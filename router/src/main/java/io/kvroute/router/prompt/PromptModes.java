package io.kvroute.router.prompt;

import io.kvroute.router.index.Rung;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rung on which each kind of request to each model was last routed, for {@code /replicas}; and,
 * once for each of them, for the log. Thread-safe.
 */
final class PromptModes {

  private static final Logger log = LoggerFactory.getLogger(PromptModes.class);

  private record Way(String model, PromptKind kind) {}

  private record Said(Way way, Rung rung) {}

  private final ConcurrentMap<Way, Rung> last = new ConcurrentHashMap<>();
  private final Set<Said> said = ConcurrentHashMap.newKeySet();

  /**
   * A request took a rung.
   *
   * @param why what kept it from a better one; empty where nothing did
   */
  void took(String model, PromptKind kind, Rung rung, String why) {
    Way way = new Way(model, kind);
    if (last.put(way, rung) == rung || !said.add(new Said(way, rung))) {
      return;
    }
    if (why.isEmpty()) {
      log.info("model {}, {} requests: routed by {}", model, kind.label(), rung.label());
    } else {
      log.warn("model {}, {} requests: routed by {}: {}", model, kind.label(), rung.label(), why);
    }
  }

  /** The rungs last taken, by model and kind. */
  Map<String, Map<PromptKind, Rung>> snapshot() {
    Map<String, Map<PromptKind, Rung>> modes = new TreeMap<>();
    last.forEach(
        (way, rung) ->
            modes
                .computeIfAbsent(way.model(), model -> new EnumMap<>(PromptKind.class))
                .put(way.kind(), rung));
    return modes;
  }
}
