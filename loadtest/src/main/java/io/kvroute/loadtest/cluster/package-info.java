/** Runs simulated replicas and a router in front of them in one process. */
@NullMarked
package io.kvroute.loadtest.cluster;

import org.jspecify.annotations.NullMarked;
