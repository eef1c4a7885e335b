package io.kvroute.router.prompt;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What self-checks found, by kind of request: ids computed here count as wrong for a kind while
 * more replicas disproved them than confirmed them. Thread-safe; asking takes no lock.
 */
final class CheckVerdicts {

  private record Way(String model, PromptKind kind) {}

  private final Map<Way, Map<String, Boolean>> rightByReplica = new HashMap<>();
  private final Set<Way> disproved = ConcurrentHashMap.newKeySet();

  /** Whether ids computed here for such requests are wrong. */
  boolean disprove(String model, PromptKind kind) {
    return !disproved.isEmpty() && disproved.contains(new Way(model, kind));
  }

  /** A replica was checked; this takes the place of what was found of it before. */
  synchronized void found(String model, PromptKind kind, String replica, boolean right) {
    Way way = new Way(model, kind);
    rightByReplica.computeIfAbsent(way, of -> new HashMap<>()).put(replica, right);
    weigh(way);
  }

  /** A replica has gone, and what was found of it does not matter any more. */
  synchronized void forget(String replica) {
    rightByReplica.forEach(
        (way, rights) -> {
          if (rights.remove(replica) != null) {
            weigh(way);
          }
        });
    rightByReplica.values().removeIf(Map::isEmpty);
  }

  private void weigh(Way way) {
    int balance = 0;
    for (boolean right : rightByReplica.getOrDefault(way, Map.of()).values()) {
      balance += right ? 1 : -1;
    }
    if (balance < 0) {
      disproved.add(way);
    } else {
      disproved.remove(way);
    }
  }
}
