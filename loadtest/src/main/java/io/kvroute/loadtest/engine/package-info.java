/**
 * A model of an LLM engine's scheduler and block manager, after vLLM V1. It has no I/O, no threads
 * and no clock. It shares no code with the router's shadow, so that an error in one of them shows
 * as a difference between them.
 */
@NullMarked
package io.kvroute.loadtest.engine;

import org.jspecify.annotations.NullMarked;
