/** Fleets and the traffic on them, drawn from a seed, on which policies are compared. */
@NullMarked
package io.kvroute.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
