package io.kvroute.router.prompt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Results of self-checks ({@link SelfCheck}) by kind of request. Each replica votes with its last
 * check. While most votes for a kind say that locally computed ids are wrong, they are not used for
 * that kind. Thread-safe; {@link #isDisproved} takes no lock.
 */
final class CheckVerdicts {

  private final Map<ModelAndKind, Map<String, Boolean>> rightByReplica = new HashMap<>();
  private final Set<ModelAndKind> disproved = ConcurrentHashMap.newKeySet();

  /** Whether locally computed ids of such requests are wrong. */
  boolean isDisproved(String model, PromptKind kind) {
    return !disproved.isEmpty() && disproved.contains(new ModelAndKind(model, kind));
  }

  /** Records a replica's check, which replaces its earlier one. */
  synchronized void record(String model, PromptKind kind, String replica, boolean right) {
    ModelAndKind requests = new ModelAndKind(model, kind);
    rightByReplica.computeIfAbsent(requests, of -> new HashMap<>()).put(replica, right);
    update(requests);
  }

  /** Removes a replica's results. */
  synchronized void forget(String replica) {
    rightByReplica.forEach(
        (requests, rights) -> {
          if (rights.remove(replica) != null) {
            update(requests);
          }
        });
    rightByReplica.values().removeIf(Map::isEmpty);
  }

  private void update(ModelAndKind requests) {
    int balance = 0;
    for (boolean right : rightByReplica.getOrDefault(requests, Map.of()).values()) {
      balance += right ? 1 : -1;
    }
    if (balance < 0) {
      disproved.add(requests);
    } else {
      disproved.remove(requests);
    }
  }
}
