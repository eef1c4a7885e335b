/** Compares round robin with kv-aware on simulated replicas. */
@NullMarked
package io.kvroute.loadtest.demo;

import org.jspecify.annotations.NullMarked;
