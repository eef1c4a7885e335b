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
 * Names the cache behind each model name: names of one base model have the same, so that a prefix
 * which came under one of them is found under all. Immutable.
 *
 * <p>Names are one where some replica lists both with the same {@code root} and no {@code parent}.
 * That holds for the whole fleet, because a prompt's keys are made before its replica is chosen:
 * where one replica shows {@code a} and {@code b} to be one and another {@code b} and {@code c},
 * all three are. Roots of different replicas are not compared; the same files may lie elsewhere
 * there, and what a replica holds is kept for each replica anyhow.
 *
 * <p>Names that any replica keeps apart (two roots, no root, or an adapter) must not be one, or the
 * router would find there what another model computed. Where other replicas show them to be one,
 * all names that are connected with them stand for themselves.
 *
 * <p>A cache keeps its name while any of its model names is served, whichever these are: another
 * one would make what replicas hold unfindable.
 */
public final class CacheNames {

  static final CacheNames NONE = new CacheNames(Map.of(), Set.of());

  /** By model name; the names known for longest come first. */
  private final Map<String, String> cacheByModel;

  private final Set<String> disputed;

  private CacheNames(Map<String, String> cacheByModel, Set<String> disputed) {
    this.cacheByModel = cacheByModel;
    this.disputed = Collections.unmodifiableSet(disputed);
  }

  /** The name of the model's cache; the model's own where nobody serves it. */
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

  /** Names that one replica shows to be one and another keeps apart. */
  public Set<String> disputed() {
    return disputed;
  }

  /** What follows from what the replicas say now; itself if that is nothing new. */
  CacheNames follow(ReplicaView[] views) {
    Groups groups = new Groups();
    for (ReplicaView view : views) {
      groups.join(view.facts());
    }
    Set<String> apart = new HashSet<>();
    for (ReplicaView view : views) {
      groups.findApart(view.facts(), apart);
    }
    Map<String, List<String>> namesByGroup = new LinkedHashMap<>();
    Set<String> nowDisputed = new TreeSet<>();
    for (String name : groups.names()) {
      String group = groups.of(name);
      if (apart.contains(group)) {
        nowDisputed.add(name);
      }
      namesByGroup
          .computeIfAbsent(apart.contains(group) ? name : group, first -> new ArrayList<>())
          .add(name);
    }
    Map<String, String> named = named(namesByGroup.values());
    boolean news = !named.equals(cacheByModel) || !nowDisputed.equals(disputed);
    return news ? new CacheNames(named, nowDisputed) : this;
  }

  private Map<String, String> named(Iterable<List<String>> groups) {
    Map<String, List<String>> groupOf = new HashMap<>();
    groups.forEach(group -> group.forEach(name -> groupOf.put(name, group)));
    Map<String, String> named = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    cacheByModel.forEach(
        (model, cache) -> {
          List<String> group = groupOf.get(model);
          if (group != null && !named.containsKey(model) && taken.add(cache)) {
            group.forEach(name -> named.put(name, cache));
          }
        });
    for (List<String> group : groups) {
      if (!named.containsKey(group.getFirst())) {
        String cache = unused(group.getFirst(), taken);
        group.forEach(name -> named.put(name, cache));
      }
    }
    return named;
  }

  /** A model may come whose name a cache kept from a model that has gone. */
  private static String unused(String name, Set<String> taken) {
    String cache = name;
    for (int i = 2; !taken.add(cache); i++) {
      cache = name + " (" + i + ")";
    }
    return cache;
  }

  /** Names that are connected, each group known by one of them. */
  private static final class Groups {
    private final Map<String, String> towards = new LinkedHashMap<>();

    Iterable<String> names() {
      return towards.keySet();
    }

    String of(String name) {
      String group = name;
      String next = towards.getOrDefault(group, group);
      while (!next.equals(group)) {
        group = next;
        next = towards.getOrDefault(group, group);
      }
      return group;
    }

    void join(EngineFacts facts) {
      Map<String, String> firstOfCache = new HashMap<>();
      for (ServedModel model : facts.models()) {
        towards.putIfAbsent(model.id(), model.id());
        String first = firstOfCache.putIfAbsent(model.cache(), model.id());
        if (first != null) {
          towards.put(of(model.id()), of(first));
        }
      }
    }

    /** Adds the groups of which this replica keeps names apart. */
    void findApart(EngineFacts facts, Set<String> apart) {
      Map<String, String> cacheByGroup = new HashMap<>();
      for (ServedModel model : facts.models()) {
        String cache = model.cache();
        String other = cacheByGroup.putIfAbsent(of(model.id()), cache);
        if (other != null && !other.equals(cache)) {
          apart.add(of(model.id()));
        }
      }
    }
  }
}
