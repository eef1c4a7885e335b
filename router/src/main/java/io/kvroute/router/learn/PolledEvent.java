package io.kvroute.router.learn;

import org.jspecify.annotations.Nullable;

/**
 * An event in the answer to a poll of TensorRT-LLM.
 *
 * @param number counted from 0 by each rank of the engine's process
 * @param rank the attention data-parallel rank that reports it, 0 if the engine does not say
 * @param windowTokens the attention window whose cache it concerns, 0 if the engine does not say
 * @param event null if it does not concern routing
 */
record PolledEvent(long number, int rank, int windowTokens, @Nullable KvEvent event) {}
