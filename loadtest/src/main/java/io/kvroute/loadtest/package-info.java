/** The engine model, simulated replicas, workloads and reports. */
@NullMarked
package io.kvroute.loadtest;

import org.jspecify.annotations.NullMarked;
