package io.kvroute.router.fleet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Maps each model name to the name of its cache. All names of one base model share a cache name, so
 * that a prefix which arrived under one of them is found under all. Immutable.
 *
 * <p>Two names are one model where some replica lists both with the same {@code root} and no {@code
 * parent} ({@link ServedModel#cache} says which names of one replica share a cache; {@link
 * NameGroups#union} unites them for the fleet). This holds for the whole fleet, because a prompt's
 * keys are computed before its replica is chosen, and it is transitive across replicas. Roots of
 * different replicas are not compared: the same files may have other paths there, and each
 * replica's cache is tracked separately anyway.
 *
 * <p>A replica keeps two names apart where it lists them with two roots, without a root, or one as
 * an adapter. With one cache name, a prompt for one model would match blocks that the other
 * computed. If one replica shows names to be one model and another keeps them apart, the names are
 * disputed: each gets a cache name of its own. One of them keeps the cache name of the group, so
 * that the blocks entered under it are still found.
 *
 * <p>A cache keeps its name while any of its model names is served, because another cache name
 * would hide the blocks that replicas hold.
 *
 * <p>Groups of names are found with a union-find structure; a change of the fleet costs O(names of
 * all replicas).
 *
 * <pre>
 *   replica r1 lists a and b with root /m       caches: a → a, b → a
 *   replica r2 lists b and c with root ./x      caches: a → a, b → a, c → a
 *   r1 renames a to d                           caches: b → a, c → a, d → a
 *   r3 lists b with root /m, d with root /n     disputed: b, c, d
 *                                               caches: d → a, b → b, c → c
 * </pre>
 */
public final class CacheNames {

  static final CacheNames NONE = new CacheNames(Map.of(), Set.of());

  /** By model name; the order decides which name of a disputed group keeps the group's cache. */
  private final Map<String, String> cacheByModel;

  private final Set<String> disputed;

  private CacheNames(Map<String, String> cacheByModel, Set<String> disputed) {
    this.cacheByModel = cacheByModel;
    this.disputed = Collections.unmodifiableSet(disputed);
  }

  /** The name of the model's cache; the model's own name where no replica serves it. */
  public String of(String model) {
    return cacheByModel.getOrDefault(model, model);
  }

  /** All names of the base model that {@code model} names, that one first. O(all names). */
  public List<String> namesOf(String model) {
    String cache = cacheByModel.get(model);
    List<String> names = new ArrayList<>(List.of(model));
    cacheByModel.forEach(
        (name, itsCache) -> {
          if (itsCache.equals(cache) && !name.equals(model)) {
            names.add(name);
          }
        });
    return names;
  }

  /** Names that one replica shows to be one model and another replica keeps apart. */
  public Set<String> disputed() {
    return disputed;
  }

  /** The names that follow from what replicas list now; this object where nothing changed. */
  CacheNames follow(ReplicaView[] views) {
    NameGroups groups = new NameGroups();
    for (ReplicaView view : views) {
      groups.union(view.facts());
    }
    Set<String> disputedGroups = new HashSet<>();
    for (ReplicaView view : views) {
      groups.addDisputed(view.facts(), disputedGroups);
    }
    Map<String, List<String>> namesByGroup = new LinkedHashMap<>();
    Set<String> nowDisputed = new TreeSet<>();
    for (String name : groups.names()) {
      String group = groups.find(name);
      if (disputedGroups.contains(group)) {
        nowDisputed.add(name);
      }
      namesByGroup
          .computeIfAbsent(
              disputedGroups.contains(group) ? name : group, first -> new ArrayList<>())
          .add(name);
    }
    Map<String, String> caches = nameCaches(namesByGroup.values());
    boolean changed = !caches.equals(cacheByModel) || !nowDisputed.equals(disputed);
    return changed ? new CacheNames(caches, nowDisputed) : this;
  }

  /** Names the cache of each group: as before where possible, else by the group's first name. */
  private Map<String, String> nameCaches(Iterable<List<String>> groups) {
    Map<String, List<String>> groupByName = new HashMap<>();
    groups.forEach(group -> group.forEach(name -> groupByName.put(name, group)));
    Map<String, String> caches = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    cacheByModel.forEach(
        (model, cache) -> {
          List<String> group = groupByName.get(model);
          if (group != null && !caches.containsKey(model) && taken.add(cache)) {
            group.forEach(name -> caches.put(name, cache));
          }
        });
    for (List<String> group : groups) {
      if (!caches.containsKey(group.getFirst())) {
        String cache = takeUnused(group.getFirst(), taken);
        group.forEach(name -> caches.put(name, cache));
      }
    }
    return caches;
  }

  /** A new model may have a name that a cache still keeps from a model that has gone. */
  private static String takeUnused(String name, Set<String> taken) {
    String cache = name;
    for (int i = 2; !taken.add(cache); i++) {
      cache = name + " (" + i + ")";
    }
    return cache;
  }
}
