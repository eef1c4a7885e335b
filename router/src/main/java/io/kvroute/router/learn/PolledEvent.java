package io.kvroute.router.learn;

import org.jspecify.annotations.Nullable;

/**
 * An event as TensorRT-LLM hands it to whoever polls.
 *
 * @param number counted from 0 by each rank of the engine's process
 * @param rank the attention data-parallel rank that speaks, 0 where the engine does not tell
 * @param windowTokens the attention window whose cache it is about, 0 where the engine does not
 *     tell
 * @param event null where it changes nothing that routing needs to know
 */
record PolledEvent(long number, int rank, int windowTokens, @Nullable KvEvent event) {}
