/** Simulated replicas and a router before them, in one process. */
@NullMarked
package io.kvroute.loadtest.cluster;

import org.jspecify.annotations.NullMarked;
