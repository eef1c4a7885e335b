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
    String id, @Nullable String root, @Nullable String parent, int maxModelLen) {}
