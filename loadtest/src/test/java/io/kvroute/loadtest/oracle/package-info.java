/** Holds the engine model and the router's shadow to what vLLM's own scheduler did. */
@NullMarked
package io.kvroute.loadtest.oracle;

import org.jspecify.annotations.NullMarked;
