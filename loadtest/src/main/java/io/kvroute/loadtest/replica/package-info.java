/**
 * A simulated replica: vLLM's HTTP interface, as recorded, around an engine model that runs in real
 * time.
 */
@NullMarked
package io.kvroute.loadtest.replica;

import org.jspecify.annotations.NullMarked;
