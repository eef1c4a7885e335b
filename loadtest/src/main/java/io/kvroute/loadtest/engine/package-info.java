/**
 * A model of an LLM engine's scheduler and block manager, after vLLM V1: no I/O, no threads, no
 * clock of its own. Written apart from the router's shadow of it, so that their errors can't
 * cancel.
 */
@NullMarked
package io.kvroute.loadtest.engine;

import org.jspecify.annotations.NullMarked;
