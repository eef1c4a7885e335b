package io.kvroute.router.fleet;

import org.jspecify.annotations.Nullable;

/**
 * A model as a replica's {@code /v1/models} names it.
 *
 * @param root where its files are: a directory or a hub id
 * @param parent the base model, for a LoRA adapter
 * @param maxModelLen tokens, 0 where unknown
 */
public record ServedModel(
    String id, @Nullable String root, @Nullable String parent, int maxModelLen) {

  /**
   * Equal for two names of one replica if its engine computes the same for both: they are names of
   * one base model. Engines tell the blocks of adapters apart by the adapter's name, even if two
   * were loaded from one place.
   */
  String cache() {
    boolean base = parent == null && root != null && !root.isEmpty();
    return base ? "root " + root : "name " + id;
  }
}
