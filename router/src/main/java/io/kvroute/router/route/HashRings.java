package io.kvroute.router.route;

import java.util.HashMap;
import java.util.Map;

/** A model's ring, kept until its replicas change. */
final class HashRings {

  private final Map<String, HashRing> byModel = new HashMap<>();

  HashRing of(String model, Candidates candidates) {
    HashRing known = byModel.get(model);
    if (known != null && known.isFor(candidates)) {
      return known;
    }
    HashRing made = new HashRing(candidates);
    byModel.put(model, made);
    return made;
  }
}
