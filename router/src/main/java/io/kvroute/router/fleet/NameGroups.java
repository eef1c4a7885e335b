package io.kvroute.router.fleet;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A union-find structure over model names, for {@link CacheNames}. A group is identified by one of
 * its names.
 */
final class NameGroups {

  private final Map<String, String> parentByName = new LinkedHashMap<>();

  /** All names, in the order in which they were first seen. */
  Iterable<String> names() {
    return parentByName.keySet();
  }

  /** The group of a name. */
  String find(String name) {
    String group = name;
    String parent = parentByName.getOrDefault(group, group);
    while (!parent.equals(group)) {
      group = parent;
      parent = parentByName.getOrDefault(group, group);
    }
    return group;
  }

  /**
   * Unites the names that the replica shows to be one model: those with equal {@link
   * ServedModel#cache}.
   */
  void union(EngineFacts facts) {
    Map<String, String> firstByCache = new HashMap<>();
    for (ServedModel model : facts.models()) {
      parentByName.putIfAbsent(model.id(), model.id());
      String first = firstByCache.putIfAbsent(model.cache(), model.id());
      if (first != null) {
        parentByName.put(find(model.id()), find(first));
      }
    }
  }

  /** Adds the groups that contain names which the replica keeps apart. */
  void addDisputed(EngineFacts facts, Set<String> disputedGroups) {
    Map<String, String> cacheByGroup = new HashMap<>();
    for (ServedModel model : facts.models()) {
      String group = find(model.id());
      String other = cacheByGroup.putIfAbsent(group, model.cache());
      if (other != null && !other.equals(model.cache())) {
        disputedGroups.add(group);
      }
    }
  }
}
