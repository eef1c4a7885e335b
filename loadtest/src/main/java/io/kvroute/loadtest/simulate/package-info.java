/** Runs many engine models and the router's decision code under one simulated clock. */
@NullMarked
package io.kvroute.loadtest.simulate;

import org.jspecify.annotations.NullMarked;
