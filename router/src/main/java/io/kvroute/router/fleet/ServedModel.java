package io.kvroute.router.fleet;

import org.jspecify.annotations.Nullable;

/**
 * A model as a replica's {@code /v1/models} names it.
 *
 * @param root where its files are: a directory or a hub id; null where not reported
 * @param parent the base model of a LoRA adapter, null for a base model
 * @param maxModelLen tokens, 0 where unknown
 */
public record ServedModel(
    String id, @Nullable String root, @Nullable String parent, int maxModelLen) {

  /**
   * Identifies the part of the replica's cache that requests under this name use. Two names of one
   * replica have equal values exactly if the engine shares blocks between them: if both have the
   * same root and no parent, and so are names of one base model. Engines identify an adapter's
   * blocks by the adapter's name, so two adapters never share blocks, even with equal roots. {@link
   * CacheNames} uses this for the whole fleet.
   */
  String cache() {
    boolean base = parent == null && root != null && !root.isEmpty();
    return base ? "root " + root : "name " + id;
  }
}
