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
   * A string that is equal for two names of one replica where its engine shares blocks between
   * them: for two names of one base model. Engines key an adapter's blocks by the adapter's name,
   * even if two adapters were loaded from one place.
   */
  String cache() {
    boolean base = parent == null && root != null && !root.isEmpty();
    return base ? "root " + root : "name " + id;
  }
}
