/** Round robin against kv-aware, on simulated replicas, in one table. */
@NullMarked
package io.kvroute.loadtest.demo;

import org.jspecify.annotations.NullMarked;
