package io.kvroute.router.guard;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;

/** A guard for each part of a task, created when the part is first seen. Thread-safe. */
public final class PartGuards<P> {

  private final Function<P, Guard> create;
  private final Map<P, Guard> guards = new ConcurrentHashMap<>();

  PartGuards(Function<P, Guard> create) {
    this.create = create;
  }

  /** The guard of a part, always the same until the part is removed. */
  public Guard of(P part) {
    return guards.computeIfAbsent(part, create);
  }

  /** Removes the guards of parts that no longer exist. Cost: the number of guards. */
  public void retainIf(Predicate<P> exists) {
    guards.keySet().removeIf(exists.negate());
  }

  /** The number of guards. */
  public int size() {
    return guards.size();
  }
}
