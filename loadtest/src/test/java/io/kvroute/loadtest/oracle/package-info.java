/** Compares the engine model and the router's shadow with records of vLLM's own scheduler. */
@NullMarked
package io.kvroute.loadtest.oracle;

import org.jspecify.annotations.NullMarked;
