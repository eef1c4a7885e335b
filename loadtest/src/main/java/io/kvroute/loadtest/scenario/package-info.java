/** Scenarios for comparing policies: fleets and their traffic, drawn from a seed. */
@NullMarked
package io.kvroute.loadtest.scenario;

import org.jspecify.annotations.NullMarked;
