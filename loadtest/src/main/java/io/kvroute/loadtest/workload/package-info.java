/** Generates the conversations that the load client sends, from a seed. */
@NullMarked
package io.kvroute.loadtest.workload;

import org.jspecify.annotations.NullMarked;
